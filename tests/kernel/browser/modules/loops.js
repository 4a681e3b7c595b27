import { page, el, text, items_of, add_int, sub_int } from "/_flin/runtime.js";
import { range, mul_int, b_push, b_join } from "/_flin/library.js";
function sum_to(n) {
  let total = 0;
  for (const i of items_of(range(1, n))) {
    if (i === 3) { continue; }
    total = add_int(total, i);
  }
  return total;
}
function first_above(xs, limit) {
  let found = null;
  for (const [i, x] of items_of(xs).entries()) {
    if (x > limit) {
      found = i;
      break;
    }
  }
  const found_2 = found;
  return found_2 ?? -1;
}
function count_down(n) {
  let left = n;
  while (left > 2) { left = sub_int(left, 1); }
  return left;
}
function grade(n) { return n > 8 ? "high" : n > 4 ? "middle" : "low"; }
function squares(n) {
  const out = [];
  for (let i = 0; i < n; i = add_int(i, 1)) { b_push(out, mul_int(i, i)); }
  return out;
}
export default page({
  build: "b",
  cells: { n: "int" },
  view: (p) => {
    const n = p.cell("n");
    return [
      el(
        "p",
        [],
        text(() => sum_to(n())),
        " ",
        text(() => first_above([1, 7, 9], n())),
        " ",
        text(() => count_down(n())),
        " ",
        text(() => grade(n())),
        " ",
        text(() => b_join(squares(n()), ",")),
      ),
      el("button", [["on", "click", [], () => n.set(add_int(n(), 1))]], "more"),
    ];
  },
});
