import { page, el, to_text } from "/_flin/runtime.js";
import { html, b_html_escape, View } from "/_flin/library.js";
function badge(label) { return new View(`<b class="x">${b_html_escape(to_text(label))}</b>`); }
export default page({
  build: "b",
  cells: { name: "text", bold: "bool" },
  view: (p) => {
    const name = p.cell("name"), bold = p.cell("bold");
    return [
      el("p", [], html(() => badge(name()))),
      el("p", [], html(() => bold() ? new View(`<i>${b_html_escape(to_text(name()))}</i>`) : name())),
      el("p", [], html(() => new View("<u>" + "raw" + "</u>"))),
      el(
        "button",
        [["on", "click", [], () => {
          name.set("Bo");
          bold.set(false);
        }]],
        "go",
      ),
    ];
  },
});
