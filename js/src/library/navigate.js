// Going to another page of the program without loading the document again (W 8, L 24.11).

import { shared_socket } from "../link.js";
import { leave_page } from "../page.js";

const STYLES = 'link[rel="stylesheet"]';

const runtime_of = (doc) => doc.querySelector('link[rel="modulepreload"]')?.getAttribute("href");
const same_link = (link) => Array.from(document.head.querySelectorAll(STYLES)).find((other) => other.isEqualNode(link));

// The document at `url` and its page module, loaded; null when only the browser itself can show it: it is no page of this
// program, or one of another runtime.
export async function fetch_page(url) {
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const script = next.querySelector('script[type="module"][src^="/_flin/page/"]');
  if (script === null || !next.getElementById("flin-state") || runtime_of(next) !== runtime_of(document)) return null;
  const loaded = await import(new URL(script.getAttribute("src"), location.href).href);
  await Promise.all(Array.from(next.head.querySelectorAll(STYLES), load_style));
  return { next, show: loaded.default.show, url: answer.url || url };
}

// Style sheets come before what they are for, so that nothing is shown without them.
function load_style(link) {
  if (same_link(link)) return null;
  return new Promise((done) => {
    const copy = document.importNode(link, true);
    copy.onload = copy.onerror = done;
    document.head.append(copy);
  });
}

// Style sheets that are there already stay where they are: taken out and put in they would be loaded again.
function put_head(next) {
  const kept = new Set(Array.from(next.querySelectorAll(STYLES), same_link).filter(Boolean));
  for (const node of Array.from(document.head.childNodes)) if (!kept.has(node)) node.remove();
  for (const node of Array.from(next.childNodes)) {
    const stays = node.localName === "link" && node.matches(STYLES) && same_link(node);
    if (!stays && node.localName !== "script") document.head.append(document.importNode(node, true));
  }
}

function put_attributes(element, next) {
  for (const { name } of Array.from(element.attributes)) if (!next.hasAttribute(name) && name !== "data-flin-connection") element.removeAttribute(name);
  for (const { name, value } of Array.from(next.attributes)) element.setAttribute(name, value);
}

// Shows what fetch_page() gave in place of the page view of now; `before` runs before it is adopted.
export function put_page({ next, show, before = null }) {
  leave_page();
  put_head(next.head);
  put_attributes(document.documentElement, next.documentElement);
  put_attributes(document.body, next.body);
  document.body.replaceChildren(...Array.from(next.body.childNodes, (child) => document.importNode(child, true)));
  before?.();
  const view = show();
  if (view && shared_socket().is_open) view.adopt();
}

// Shows another page of the program without loading the document again.
export async function navigate(url, replace = false) {
  const page = await fetch_page(url);
  if (page === null) return void location.assign(url);
  history[replace ? "replaceState" : "pushState"](null, "", page.url);
  put_page(page);
}
