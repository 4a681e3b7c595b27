import { page, el, text } from "/_flin/runtime.js";
import { expect_text, html, signal, effect } from "/_flin/library.js";
export default page({
  build: "b",
  cells: { width: "any", key: "text" },
  setup: (p) => {
    const width = p.cell("width");
    effect(() => width.set(window.innerWidth));
  },
  view: (p) => {
    const key = p.cell("key"), width = p.cell("width"), shown = signal(false);
    p.mount(() => shown.set(true));
    return [
      el(
        "p",
        [["on", "keydown", [], (event) => key.set(expect_text(event.key))]],
        html(() => width()),
        " ",
        text(() => key()),
      ),
      el("p", [["title", () => shown() ? document.title : null]], html(() => shown() ? location.pathname : null)),
      el(
        "button",
        [["on", "click", [], () => {
          localStorage.setItem("k", "v");
          document.title = "new";
        }]],
        "keep",
      ),
    ];
  },
});
