import { page, el, text } from "/_flin/runtime.js";
import { expect_text, add, mod_int } from "/_flin/library.js";
let event = null;
function half(n) {
  if (mod_int(n, 2) === 1) { return null; }
  const x = n / 2;
  return x;
}
export default page({
  build: "b",
  cells: { key: "text", x: "int" },
  view: (p) => {
    const key = p.cell("key"), x = p.cell("x");
    function note() { key.set(expect_text(event.key)); }
    return [
      el("p", [["id", "a"], ["on", "keydown", [], (e) => (event = e, note())], ["data-flin-bind", "key"]], text(() => key())),
      el(
        "p",
        [["id", "b"], ["on", "keydown", [], (e) => (event = e, key.set(expect_text(add(event.key, "!"))))]],
        text(() => half(4)),
        " ",
        text(() => half(x()) ?? "odd"),
      ),
      el(
        "button",
        [["on", "click", [], () => {
          if (x() === 1) {
            x.set(2);
            return null;
          }
          x.set(1);
        }]],
        "x",
      ),
    ];
  },
});
