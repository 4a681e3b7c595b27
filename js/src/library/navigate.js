// Going to another page of the program without loading the document again (W 8, L 24.11).

import { shared_socket } from "../link.js";
import { leave_page } from "../page.js";

const inner_of = (node) => Array.from(node.childNodes, (child) => document.importNode(child, true));

// Shows another page of the program without loading the document again.
export async function navigate(url, replace = false) {
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const script = next.querySelector('script[type="module"][src^="/_flin/page/"]');
  if (script === null || !next.getElementById("flin-state")) return void location.assign(url);
  const loaded = await import(new URL(script.getAttribute("src"), location.href).href);
  leave_page();
  document.head.replaceChildren(...inner_of(next.head).filter((node) => node.localName !== "script"));
  document.body.replaceChildren(...inner_of(next.body));
  history[replace ? "replaceState" : "pushState"](null, "", answer.url || url);
  const view = loaded.default.show();
  if (shared_socket().is_open) view.adopt();
}
