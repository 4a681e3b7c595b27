import { page, el, text, add_int } from "/_flin/runtime.js";
import { use, component, slot, html } from "/_flin/library.js";
const Inner = component({
  cells: { hits: "int" },
  init: (p) => {
    const hits = p.cell("hits");
    hits.set(0);
  },
  view: (p) => {
    const hits = p.cell("hits");
    return [
      el(
        "section",
        [],
        slot(0, "head", () => ["no head"]),
        slot(1, ""),
        el("button", [["on", "click", [], () => hits.set(add_int(hits(), 1))], ["data-flin-bind", "hits"]], text(() => hits())),
      ),
    ];
  },
});
const Outer = component({
  props: { label: "text" },
  view: (p) => {
    const label = p.derived(() => p.prop("label")() ?? "none");
    return [el("div", [], use(0, Inner, {}, { "": () => [text(() => label()), "!", slot(0, "")] }))];
  },
});
const Free = component({
  props: { a: "any", b: "any" },
  view: (p) => {
    const a = p.prop("a"), b = p.prop("b");
    return [el("i", [], html(() => a()), " ", html(() => b() ?? "no b"))];
  },
});
export default page({
  build: "b",
  cells: { n: "int" },
  view: (p) => {
    const n = p.cell("n");
    return [
      use(1, Outer, { label: () => `n${n()}` }, { "": () => [el("em", [["data-flin-bind", "n"]], text(() => n()))] }),
      use(3, Outer),
      use(4, Free, { a: n }),
      el("button", [["id", "more"], ["on", "click", [], () => n.set(add_int(n(), 1))]], "more"),
    ];
  },
});
