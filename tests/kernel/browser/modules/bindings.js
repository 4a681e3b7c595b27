import { page, el, text } from "/_flin/runtime.js";
import "/_flin/library.js";
export default page({
  build: "b",
  cells: { name: "text", agree: "bool", color: "text", note: "text" },
  view: (p) => {
    const name = p.cell("name"), agree = p.cell("agree"), color = p.cell("color"), note = p.cell("note");
    return [
      el("input", [["bind", "name", name, name.set]]),
      el("input", [["type", "checkbox"], ["bind", "agree", agree, agree.set]]),
      el(
        "select",
        [["bind", "color", color, color.set]],
        el("option", [["value", "red"]], "Red"),
        el("option", [["value", "blue"]], "Blue"),
      ),
      el("textarea", [["bind", "note", note, note.set]], text(() => note())),
      el("input", [["type", "radio"], ["name", "c"], ["value", "red"], ["bind", "color", color, color.set]]),
      el("p", [["data-flin-bind", "name"]], text(() => name())),
    ];
  },
});
