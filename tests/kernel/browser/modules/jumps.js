import { page, el, text, add_int, items_of } from "/_flin/runtime.js";
import { mul_int } from "/_flin/library.js";
function early(n) {
  let value = null;
  if (n > 2) { return -1; } else { value = n; }
  const x = add_int(1, value);
  return mul_int(x, 10);
}
function last(xs) {
  let total = 0;
  for (const x of items_of(xs)) {
    let value = null;
    const subject = x;
    if (subject === 0) { break; } else if (subject === 9) { continue; } else { value = x; }
    total = add_int(total, value);
  }
  return total;
}
function either(n) {
  let value = n < 2;
  if (value) { value = 7; } else {
    let value_2 = null;
    if (n > 2) { return -2; } else { value_2 = 3; }
    value = value_2;
  }
  const x = value;
  return x;
}
export default page({
  build: "b",
  cells: { n: "int" },
  view: (p) => {
    const n = p.cell("n");
    return [
      el("p", [], text(() => early(n())), " ", text(() => last([1, 9, 2, 0, 5])), " ", text(() => either(n()))),
      el("button", [["on", "click", [], () => n.set(add_int(n(), 2))]], "go"),
    ];
  },
});
