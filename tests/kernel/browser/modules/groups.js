import { page, el, text, items_of, add_int } from "/_flin/runtime.js";
import { b_len, b_push } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { xs: "[int]" },
  view: (p) => {
    const xs = p.cell("xs");
    const total = p.derived(() => {
      let total_2 = null;
      total_2 = 0;
      for (const x of items_of(xs())) { total_2 = add_int(total_2, x); }
      return total_2;
    });
    const mean = p.derived(() => total() / b_len(xs()));
    const label = p.derived(() => mean() > 2 ? "big" : "small");
    return [
      el("p", [], text(() => total()), " ", text(() => mean()), " ", text(() => label())),
      el("button", [["on", "click", [], () => b_push(xs(), 10)]], "add"),
    ];
  },
});
