import { page, el, text, sub_int, add_int } from "/_flin/runtime.js";
import { mul_int, html, add } from "/_flin/library.js";
function box(w, h = 3, unit = "cm") { return `${w}x${h}${unit}`; }
function fact(n) { return n < 2 ? 1 : mul_int(n, fact(sub_int(n, 1))); }
function adder(a) { return (b) => add(a, b); }
export default page({
  build: "b",
  cells: { n: "int" },
  view: (p) => {
    const n = p.cell("n");
    function page_sum() { return add_int(n(), 1); }
    return [
      el(
        "p",
        [],
        text(() => box(n())),
        " ",
        text(() => box(n(), 4)),
        " ",
        text(() => box(n(), undefined, "m")),
        " ",
        text(() => ((a1, a2) => box(a2, a1))(n(), 1)),
      ),
      el("p", [], text(() => fact(n())), " ", html(() => adder(n())(5)), " ", text(() => page_sum())),
      el("button", [["on", "click", [], () => n.set(add_int(n(), 3))]], "more"),
    ];
  },
});
