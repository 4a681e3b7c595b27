import { page, el, text, when, each } from "/_flin/runtime.js";
import { b_len, Variant } from "/_flin/library.js";
export default page({
  build: "b",
  types: { Box: { Empty: [], Full: ["[int]"] } },
  cells: { box: "Box", picked: "text" },
  view: (p) => {
    const box = p.cell("box"), found = p.derived(() => box()), picked = p.cell("picked");
    return [
      when([
        [() => found().name === "Full", () => [
          el(
            "ul",
            [],
            each(
              3,
              () => found().values[0],
              null,
              (x, i) => [
                el(
                  "li",
                  [],
                  each(4, () => [x(), i()], null, (x_2) => [text(() => x_2()), ";"]),
                  el("button", [["on", "click", [], () => picked.set(`${x()}@${i()}`)]], "pick"),
                ),
              ],
            ),
          ),
        ]],
        [null, () => [el("p", [], "empty")]],
      ]),
      when([
        [() => picked() === "", () => [el("i", [], "none")]],
        [() => b_len(picked()) > 3, () => [el("i", [], "long ", text(() => picked()))]],
        [null, () => [el("i", [["data-flin-bind", "s"]], text(() => picked()))]],
      ]),
      el("button", [["id", "fill"], ["on", "click", [], () => box.set(new Variant("Box", "Full", [[7, 8]], 1))]], "fill"),
    ];
  },
});
