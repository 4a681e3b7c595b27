import { page, el, text, add_int } from "/_flin/runtime.js";
import { add } from "/_flin/library.js";
function new_one(x, page_2) { return add(page_2, x); }
export default page({
  build: "b",
  cells: { class: "text", text: "text", window_2: "int", p: "int", page: "text" },
  view: (p) => {
    const class_2 = p.cell("class");
    const text_2 = p.cell("text");
    const p_2 = p.cell("p");
    const page_2 = p.cell("page");
    const window_2 = p.cell("window_2");
    return [
      el(
        "p",
        [],
        text(() => class_2()),
        " ",
        text(() => text_2()),
        " ",
        text(() => p_2()),
        " ",
        text(() => page_2()),
        " ",
        text(() => window_2()),
        " ",
        text(() => new_one(p_2(), text_2())),
      ),
      el(
        "button",
        [["on", "click", [], () => {
          text_2.set("t");
          p_2.set(add_int(p_2(), 1));
        }]],
        "go",
      ),
    ];
  },
});
