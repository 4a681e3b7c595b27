import { page, el, text } from "/_flin/runtime.js";
import { inspect, untracked } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { seen: "int" },
  setup: (p) => {
    const seen = p.cell("seen");
    p.mount(() => seen.set(1));
    p.update((first_run) => {
      seen();
      if (!first_run) untracked(() => console.log(["seen"].map(inspect).join(" ")));
    });
  },
  view: (p) => {
    const seen = p.cell("seen");
    return [el("p", [["data-flin-bind", "seen"]], text(() => seen()))];
  },
});
