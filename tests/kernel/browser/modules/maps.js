import { page, el, text, each, add_int } from "/_flin/runtime.js";
import { FlinMap, b_entries, int_range, get_index, slice, b_len, add, Tuple } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { ages: "[text:int]", pair: "(int,text)" },
  view: (p) => {
    const ages = p.cell("ages"), pair = p.cell("pair");
    return [
      el(
        "ul",
        [],
        each(
          2,
          () => b_entries(ages() ?? new FlinMap()),
          (entry) => entry.items[0],
          (entry) => [el("li", [], text(() => entry().items[0]), ": ", text(() => entry().items[1]))],
        ),
      ),
      el("p", [], each(5, () => int_range(0, 3), null, (i) => [text(() => i()), ","])),
      el(
        "button",
        [["on", "click", [], () => {
          ages().set("Cy", 5);
          ages().set("Ann", add_int(ages().get("Ann"), 1));
        }]],
        "add",
      ),
      el(
        "button",
        [["on", "click", [], () => {
          const from = pair();
          const a = from.items[0];
          const b = from.items[1];
          const from_2 = [add_int(a, 1), 5, 6];
          get_index(from_2, 0);
          const x = from_2[0];
          const rest = slice(from_2, 1);
          pair.set(new Tuple(x, add(b, b_len(rest))));
        }]],
        "pair",
      ),
      el("p", [], text(() => pair().items[0]), " ", text(() => pair().items[1])),
    ];
  },
});
