import { page, el, text, each } from "/_flin/runtime.js";
import "/_flin/library.js";
export default page({
  build: "b",
  types: { Item: { id: "int", version: "int", name: "text", price: "number" } },
  cells: { name: "text", last: "text" },
  live: { 0: { type: "[int]" }, 1: { type: "[Item]" } },
  calls: {
    0: { in: ["text"], out: [[0, "last", "text"], [0, "name", "text"]] },
    1: { in: ["Item"], out: [[3, 0, "Item"]] },
    2: { in: ["Item"], out: [[3, 0, "Item"]] },
    3: { out: [[0, "last", "text"]], event: true },
  },
  view: (p) => {
    const name = p.cell("name"), live1 = p.live(1), last = p.cell("last"), live0 = p.live(0);
    return [
      el("input", [["on", "keydown", ["enter"], () => p.call(0, [name()])], ["bind", "name", name, name.set]]),
      each(
        6,
        live1,
        (item) => item.id,
        (item, i) => [
          el(
            "p",
            [],
            text(() => i()),
            ": ",
            text(() => item().name),
            " ",
            text(() => item().price),
            el("button", [["on", "click", [], () => p.call(1, [item()])]], "+"),
            el("button", [["on", "click", [], () => p.call(2, [item()])]], "x"),
          ),
        ],
      ),
      el("p", [], text(() => last()), " ", text(() => live0()?.[0] ?? null)),
      el("input", [["on", "change", [], (event) => p.call(3, [], event)]]),
    ];
  },
});
