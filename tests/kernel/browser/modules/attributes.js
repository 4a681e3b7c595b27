import { page, el, to_text } from "/_flin/runtime.js";
import "/_flin/library.js";
export default page({
  build: "b",
  cells: { on: "bool", url: "text" },
  view: (p) => {
    const url = p.cell("url"), on = p.cell("on");
    return [
      el(
        "a",
        [["href", () => url()], ["class", () => `link ${to_text(on() ? "on" : null)}`], ["title", "x & y"], ["disabled", () => on()]],
        "go",
      ),
      el("input", [["type", "text"], ["required", ""], ["value", () => url()], ["id", "u"]]),
      el("img", [["src", "/a.png"], ["alt", ""]]),
      el(
        "button",
        [["on", "click", ["prevent", ["debounce", 200]], () => on.set(!on())], ["class", () => ["a", on() ? "b" : ""]]],
        "x",
      ),
    ];
  },
});
