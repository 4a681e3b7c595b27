import { page, el, text, add_int } from "/_flin/runtime.js";
export default page({
  build: "b",
  cells: { n: "int", step: "int" },
  view: (p) => {
    const n = p.cell("n"), step = p.cell("step");
    function up() { n.set(add_int(n(), step())); }
    function reset() { n.set(0); }
    return [
      el("button", [["id", "up"], ["on", "click", [], () => up]], "up"),
      el("button", [["id", "both"], ["on", "click", [], () => n() > 3 ? reset : up]], "both"),
      el(
        "button",
        [["id", "five"], ["on", "click", [], () => {
          step.set(5);
          return up();
        }]],
        "five",
      ),
      el("p", [["data-flin-bind", "n"]], text(() => n())),
    ];
  },
});
