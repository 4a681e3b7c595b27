import { page, el, text, each } from "/_flin/runtime.js";
import { b_push } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { names: "[text]" },
  view: (p) => {
    const names = p.cell("names");
    return [
      el("button", [["on", "click", [], () => b_push(names(), "c")]], "add"),
      el("p", [], each(1, names, null, (n) => [text(() => n())])),
      el("ul", [], each(3, names, null, (n, i) => [el("li", [], text(() => i()), ": ", text(() => n()))])),
    ];
  },
});
