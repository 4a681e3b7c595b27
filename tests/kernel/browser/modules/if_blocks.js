import { page, el, text, when, add_int } from "/_flin/runtime.js";
export default page({
  build: "b",
  cells: { n: "int" },
  view: (p) => {
    const n = p.cell("n");
    return [
      el("button", [["on", "click", [], () => n.set(add_int(n(), 1))]], "more"),
      when([
        [() => n() === 0, () => [el("p", [], "none")]],
        [() => n() === 1, () => [el("p", [], "one")]],
        [null, () => [el("p", [], text(() => n()), " of them")]],
      ]),
    ];
  },
});
