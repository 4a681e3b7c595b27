import { page, el, text, to_text } from "/_flin/runtime.js";
import "/_flin/library.js";
export default page({
  build: "b",
  cells: { name: "text" },
  head: (p) => {
    const name = p.cell("name");
    return [el("title", [], text(() => `${to_text(name())} page`)), el("meta", [["name", "description"], ["content", "a page"]])];
  },
  view: (p) => {
    const name = p.cell("name");
    return [el("h1", [["data-flin-bind", "name"]], text(() => name()))];
  },
});
