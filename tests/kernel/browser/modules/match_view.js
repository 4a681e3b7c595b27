import { page, el, text, when } from "/_flin/runtime.js";
import { Variant } from "/_flin/library.js";
export default page({
  build: "b",
  types: { State: { Idle: [], Busy: ["text"], Done: [] } },
  cells: { s: "State" },
  view: (p) => {
    const s = p.cell("s");
    return [
      el("button", [["on", "click", [], () => s.set(new Variant("State", "Busy", ["x"], 1))]], "go"),
      when([
        [() => s().name === "Idle", () => [el("p", [], "idle")]],
        [() => s().name === "Busy", () => [el("p", [], "busy with ", text(() => s().values[0]))]],
        [() => s().name === "Done", () => [el("p", [], "done")]],
      ]),
    ];
  },
});
