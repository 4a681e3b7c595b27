import { page, el, text, when, add_int } from "/_flin/runtime.js";
import { use, component, mul_int, make_row } from "/_flin/library.js";
const Counter = component({
  cells: { hits: "int" },
  props: { start: "int" },
  init: (p) => {
    const start = p.prop("start"), hits = p.cell("hits");
    hits.set(start());
  },
  view: (p) => {
    const hits = p.cell("hits"), double = p.derived(() => mul_int(hits(), 2));
    return [
      el(
        "b",
        [],
        el("button", [["on", "click", [], () => hits.set(add_int(hits(), 1))], ["data-flin-bind", "hits"]], text(() => hits())),
        text(() => double()),
      ),
    ];
  },
});
function rename(n) { n.text = n.text + "!"; }
export default page({
  build: "b",
  types: { Note: { id: "int", version: "int", text: "text", done: "bool" } },
  cells: { shown: "bool", note: "Note" },
  view: (p) => {
    const shown = p.cell("shown"), note = p.cell("note");
    return [
      el("button", [["id", "show"], ["on", "click", [], () => shown.set(!shown())]], "show"),
      when([[() => shown(), () => [use(3, Counter, { start: 3 })]]]),
      el(
        "button",
        [["id", "name"], ["on", "click", [], () => {
          rename(note());
          note().done = true;
        }]],
        "name",
      ),
      el("p", [], text(() => note().text), " ", text(() => note().done)),
      el(
        "button",
        [["id", "new"], ["on", "click", [], () => note.set(make_row(p, "Note", { done: false, text: "new" }))]],
        "new",
      ),
    ];
  },
});
