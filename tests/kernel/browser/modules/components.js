import { page, el, text, when } from "/_flin/runtime.js";
import { use, component, slot } from "/_flin/library.js";
const Card = component({
  cells: { open: "bool" },
  props: { title: "text", wide: "bool" },
  init: (p) => {
    const open = p.cell("open");
    open.set(true);
  },
  view: (p) => {
    const wide = p.derived(() => p.prop("wide")() ?? false), open = p.cell("open"), title = p.prop("title");
    return [
      el(
        "section",
        [["class", () => wide() ? "wide" : ""]],
        el("h2", [["on", "click", [], () => open.set(!open())], ["data-flin-bind", "title"]], text(() => title())),
        when([[() => open(), () => [slot(0, "")]]]),
        el("footer", [], slot(1, "foot", () => ["no foot"])),
      ),
    ];
  },
});
export default page({
  build: "b",
  cells: { n: "int" },
  view: (p) => {
    const n = p.cell("n");
    return [
      use(1, Card, { title: "A" }, { "": () => [el("p", [], "inside ", text(() => n()))] }),
      use(3, Card, { title: "B", wide: true }, { foot: () => [el("b", [["slot", "foot"]], "foot")] }),
    ];
  },
});
