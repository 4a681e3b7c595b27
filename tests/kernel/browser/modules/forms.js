import { page, el, text, each, to_text, add_int } from "/_flin/runtime.js";
import { style_part } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { age: "int", tags: "[text]", size: "text", files_of: "text" },
  view: (p) => {
    const age = p.cell("age"), tags = p.cell("tags"), size = p.cell("size"), files_of = p.cell("files_of");
    return [
      el(
        "form",
        [["on", "submit", ["prevent"], () => files_of.set(`sent ${age()} ${to_text(tags())} ${size()}`)]],
        el("input", [["type", "number"], ["bind", "age", age, age.set, { as: "int" }]]),
        el("label", [], el("input", [["type", "checkbox"], ["value", "a"], ["bind", "tags", tags, tags.set]]), "a"),
        el("label", [], el("input", [["type", "checkbox"], ["value", "b"], ["bind", "tags", tags, tags.set]]), "b"),
        el(
          "select",
          [["bind", "size", size, size.set]],
          each(8, () => ["s", "m", "l"], null, (s) => [el("option", [["value", () => s()]], text(() => `${to_text(s())} size`))]),
        ),
        el(
          "input",
          [["on", "keydown", ["escape", "stop"], () => files_of.set("")], ["bind", "files_of", files_of, files_of.set, { lazy: true }]],
        ),
      ),
      el("p", [["style", () => `color: ${style_part(size())}`]], text(() => files_of()), " ", text(() => add_int(age(), 1))),
      el("svg", [["viewBox", "0 0 1 1"]], el("circle", [["r", () => age()]])),
    ];
  },
});
