import { page, el, text, each, add_int } from "/_flin/runtime.js";
export default page({
  build: "b",
  cells: { n: "int" },
  view: (p) => {
    const n = p.cell("n");
    return [
      el(
        "p",
        [],
        each(
          1,
          () => {
            const list = [];
            for (let i = 0; i < n(); i = add_int(i, 1)) { list.push(i); }
            return list;
          },
          null,
          (i) => [text(() => i()), ","],
        ),
      ),
      el("button", [["on", "click", [], () => n.set(add_int(n(), 1))], ["data-flin-bind", "n"]], text(() => n())),
    ];
  },
});
