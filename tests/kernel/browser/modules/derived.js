import { page, el, text, add_int } from "/_flin/runtime.js";
import { mul_int } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { n: "int" },
  view: (p) => {
    const n = p.cell("n"), twice = p.derived(() => mul_int(n(), 2));
    return [
      el("button", [["on", "click", [], () => n.set(add_int(n(), 1))], ["data-flin-bind", "twice"]], text(() => twice())),
      el("p", [], text(() => add_int(n(), twice()))),
    ];
  },
});
