import { page, el, text } from "/_flin/runtime.js";
import { mul_int, b_len, slice, Tuple, Variant } from "/_flin/library.js";
function area(s) {
  const subject = s;
  if (subject.name === "Dot") { return 0; } else if (subject.name === "Circle" && subject.values[0] > 10) {
    let r = subject.values[0];
    return 1000;
  } else if (subject.name === "Circle") {
    let r = subject.values[0];
    return mul_int(r, r);
  } else if (subject.name === "Box") {
    let w = subject.values[0];
    let h = subject.values[1];
    return mul_int(w, h);
  } else { return null; }
}
function size(n) {
  const subject = n;
  if (subject === 0) { return "none"; } else if ((subject === 1 || subject === 2)) { return "few"; } else if (subject >= 3 && subject <= 9) { return "some"; } else { return "many"; }
}
function head(xs) {
  const subject = xs;
  if (b_len(subject) === 0) { return "empty"; } else if (b_len(subject) === 1) {
    let a = subject[0];
    return `one ${a}`;
  } else if (b_len(subject) >= 1) {
    let rest = slice(subject, 1);
    let a = subject[0];
    return `${a} and ${b_len(rest)}`;
  } else { return null; }
}
function both(t) {
  const subject = t;
  if (subject.items[0] === 1) {
    let s = subject.items[1];
    return s;
  } else {
    let k = subject.items[0];
    return `k${k}`;
  }
}
export default page({
  build: "b",
  types: { Shape: { Dot: [], Circle: ["int"], Box: ["int", "int"] } },
  cells: { shape: "Shape", n: "int" },
  view: (p) => {
    const shape = p.cell("shape"), n = p.cell("n");
    return [
      el(
        "p",
        [],
        text(() => area(shape())),
        " ",
        text(() => size(n())),
        " ",
        text(() => head([n(), 1, 2])),
        " ",
        text(() => head([])),
        " ",
        text(() => both(new Tuple(1, "one"))),
        " ",
        text(() => both(new Tuple(n(), "x"))),
      ),
      el(
        "button",
        [["on", "click", [], () => {
          shape.set(new Variant("Shape", "Box", [n(), 4], 2));
          n.set(1);
        }]],
        "go",
      ),
    ];
  },
});
