import { page, el, text, each } from "/_flin/runtime.js";
import { b_filter, use, component } from "/_flin/library.js";
const Line = component({
  props: { todo: "Todo", tell: "any" },
  view: (p) => {
    const todo = p.prop("todo"), tell = p.prop("tell");
    return [
      el(
        "li",
        [["class", () => todo().done ? "done" : null]],
        el("input", [["bind", "todo.title", () => todo().title, (next) => { todo().title = next; }]]),
        text(() => todo().owner),
        " ",
        el("button", [["on", "click", [], () => tell()(todo().title)]], "tell"),
      ),
    ];
  },
});
export default page({
  build: "b",
  types: { Todo: { id: "int", title: "text", done: "bool", owner: "text" } },
  cells: { show: "text", said: "text" },
  live: { 0: { type: "[Todo]" } },
  view: (p) => {
    const live0 = p.live(0), show = p.cell("show"), said = p.cell("said");
    return [
      el(
        "ul",
        [],
        each(
          2,
          () => b_filter(live0(), (t) => show() === "all" || t.done),
          (t) => t.id,
          (t) => [use(3, Line, { todo: t, tell: () => (x) => { said.set(x); } })],
        ),
      ),
      el("button", [["on", "click", [], () => show.set("done")]], "done"),
      el("p", [["data-flin-bind", "said"]], text(() => said())),
    ];
  },
});
