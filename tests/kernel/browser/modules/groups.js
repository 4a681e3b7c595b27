import { page, el, text, items_of, add_int } from "/_flin/runtime.js";
import { b_len, b_push } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { xs: "[int]" },
  view: (p) => {
    const xs = p.cell("xs");
    const low_group = p.derived(() => {
      let low_2 = null;
      let high_2 = null;
      low_2 = 0;
      high_2 = 0;
      for (const x of items_of(xs())) { if (x > 2) { high_2 = add_int(high_2, 1); } else { low_2 = add_int(low_2, 1); } }
      return [low_2, high_2];
    });
    const total = p.derived(() => {
      let total_2 = null;
      total_2 = 0;
      for (const x of items_of(xs())) { total_2 = add_int(total_2, x); }
      return total_2;
    });
    const mean = p.derived(() => total() / b_len(xs()));
    const label = p.derived(() => mean() > 2 ? "big" : "small");
    return [
      el("i", [], text(() => low_group()[0]), "/", text(() => low_group()[1])),
      el("p", [], text(() => total()), " ", text(() => mean()), " ", text(() => label())),
      el("button", [["on", "click", [], () => b_push(xs(), 10)]], "add"),
    ];
  },
});
