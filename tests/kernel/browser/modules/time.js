import { page, el, text } from "/_flin/runtime.js";
import { mul, Money, add, span } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { wait: "duration", price: "money" },
  view: (p) => {
    const wait = p.cell("wait"), price = p.cell("price");
    return [
      el(
        "p",
        [],
        text(() => wait()),
        " ",
        text(() => mul(wait(), 2)),
        " ",
        text(() => price()),
        " ",
        text(() => add(price(), new Money(100, "USD"))),
      ),
      el(
        "button",
        [["on", "click", [], () => {
          wait.set(add(wait(), span(1, 3600000)));
          price.set(mul(price(), 2));
        }]],
        "go",
      ),
    ];
  },
});
