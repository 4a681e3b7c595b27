import { page, el, text, add_int } from "/_flin/runtime.js";
export default page({
  build: "9f3c2a7e", cells: { count: "int" },
  view: (p) => {
    const count = p.cell("count");
    return [el("button", [["on", "click", [], () => count.set(add_int(count(), 1))], ["data-flin-bind", "count"]], text(() => count()))];
  },
});
