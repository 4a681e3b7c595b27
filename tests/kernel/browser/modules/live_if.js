import { page, el, text, when, each } from "/_flin/runtime.js";
export default page({
  build: "b",
  types: { User: { id: "int", version: "int", name: "text" }, Post: { id: "int", title: "text", author: "User" } },
  cells: { open: "int?" },
  live: { 0: { type: "[Post]" } },
  view: (p) => {
    const live0 = p.live(0), open = p.cell("open");
    return [
      each(
        2,
        live0,
        (post) => post.id,
        (post) => [
          el(
            "article",
            [],
            el("h2", [["data-flin-bind", "post.title"]], text(() => post().title)),
            when([[() => open() === post().id, () => [el("p", [], text(() => post().author.name), " wrote")]]]),
          ),
        ],
      ),
      el("button", [["on", "click", [], () => open.set(2)]], "two"),
    ];
  },
});
