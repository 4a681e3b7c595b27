import { page, el, text, each } from "/_flin/runtime.js";
export default page({
  build: "c1a7e0f2",
  types: { Todo: { id: "int", version: "int", title: "text", done: "bool" } },
  cells: { q: "text", draft: "text" },
  live: { 0: { type: "[Todo]", in: ["q"] }, 1: { type: "int" } },
  calls: { 0: { in: ["text"], out: [[0, "draft", "text"]] }, 1: { in: ["Todo"], out: [[3, 0, "Todo"]] } },
  view: (p) => {
    const q = p.cell("q"), draft = p.cell("draft"), todos = p.live(0), open = p.live(1);
    return [
      el("input", [["placeholder", "Search"], ["bind", "q", q, q.set]]),
      el("form", [["on", "submit", ["prevent"], () => p.call(0, [draft()])], ["method", "post"], ["action", "/_action"]],
        el("input", [["name", "draft"], ["bind", "draft", draft, draft.set]]),
        el("button", [], "Add")),
      el("ul", [], each(4, todos, (t) => t.id,
        (t) => [el("li", [],
          el("input", [["type", "checkbox"], ["checked", () => t().done], ["on", "change", [], () => p.call(1, [t()])]]),
          text(() => t().title))],
        () => [el("li", [], "Nothing here")])),
      el("p", [], text(() => open()), " open"),
    ];
  },
});
