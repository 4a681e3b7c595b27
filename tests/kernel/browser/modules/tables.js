import { page, el, text, each } from "/_flin/runtime.js";
export default page({
  build: "b",
  cells: { rows: "[int]" },
  view: (p) => {
    const rows = p.cell("rows");
    return [
      el(
        "table",
        [],
        el("tbody", [], each(1, rows, null, (r) => [el("tr", [], el("td", [["data-flin-bind", "r"]], text(() => r())))])),
      ),
      el("pre", [], "\ntext"),
    ];
  },
});
