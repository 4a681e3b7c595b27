import { page, el, text, eq, add_int } from "/_flin/runtime.js";
import { add, mod_int, neg_int, pow_int, html, get_index, slice, is_in, lt, mul_int, b_map, b_filter, b_upper, b_len, set_index } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { a: "text", i: "int", f: "number", xs: "[int]", m: "[text:int]" },
  view: (p) => {
    const a = p.cell("a"), f = p.cell("f"), i = p.cell("i"), xs = p.cell("xs"), m = p.cell("m");
    return [
      el(
        "p",
        [],
        text(() => add(a(), 1)),
        " ",
        text(() => add(a(), f())),
        " ",
        text(() => i() / 2),
        " ",
        text(() => mod_int(i(), 4)),
        " ",
        text(() => neg_int(i())),
        " ",
        text(() => pow_int(2, 3)),
        " ",
        html(() => xs()),
        " ",
        text(() => m()),
        " ",
        text(() => get_index(xs(), -1)),
        " ",
        text(() => get_index(a(), 0)),
        " ",
        html(() => slice(xs(), 1)),
        " ",
        text(() => is_in(i(), xs())),
        " ",
        text(() => is_in(1, xs())),
        " ",
        text(() => null ?? a()),
      ),
      el(
        "p",
        [],
        text(() => `${a()}-${i()}\`$`),
        " ",
        text(() => lt(a(), "y")),
        " ",
        text(() => i() === 7),
        " ",
        text(() => eq(xs(), [1, 2, 3])),
        " ",
        text(() => i() > 3 && a()),
        " ",
        text(() => Number.isSafeInteger(i())),
        " ",
        text(() => m().get("one")),
        " ",
        html(() => b_filter(b_map(xs(), (x) => mul_int(x, 2)), (x) => x > 2)),
        " ",
        text(() => b_len(b_upper(a()))),
      ),
      el("p", [], "tags & <b>  © \"quoted\" \\ `tick`"),
      el(
        "button",
        [["on", "click", [], () => {
          i.set(mul_int(i(), 2));
          f.set(f() * 3);
          set_index(xs(), 0, 9);
          m().set("two", 2);
          m().set("one", add_int((m()).get("one"), 1));
        }]],
        "go",
      ),
    ];
  },
});
