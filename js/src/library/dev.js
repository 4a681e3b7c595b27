// Dev mode: compile errors over the page (W 4.4), another build of the program in place of the page that is open (L 8.7),
// a word on documents that differ from their template (W 2).

import { current_page, page_hooks } from "../page.js";
import { hooks } from "../signals.js";
import { keep_document } from "./keep.js";
import { fetch_page, put_page } from "./navigate.js";

const BOX = "position:fixed;inset:0;margin:0;padding:2rem;overflow:auto;z-index:2147483647;background:#14161cf2;color:#f4f5f7;font:14px/1.5 ui-monospace,monospace";
const HINT = "margin:0 0 1.5rem;color:#ff8d7d;font:600 14px/1.5 system-ui,sans-serif", TEXT = "margin:0;white-space:pre-wrap;tab-size:4";

const box_of = () => document.getElementById("flin-diagnostics");

function make(tag, style, text) {
  const element = document.createElement(tag);
  element.style.cssText = style;
  element.textContent = text;
  return element;
}

function hide_on_escape(event) {
  if (event.key === "Escape") box_of()?.remove();
}

// The box is no part of the body, which belongs to the page.
page_hooks.messages.diagnostics = (view, { text }) => {
  box_of()?.remove();
  if (!text) return;
  const box = make("div", BOX, "");
  box.id = "flin-diagnostics";
  box.setAttribute("role", "alert");
  box.append(make("p", HINT, "The program has errors. What you saw before goes on below (Esc)."), make("pre", TEXT, text));
  document.documentElement.append(box);
  document.addEventListener("keydown", hide_on_escape);
};

// Scripts of the program run only when the browser itself loads the document.
const needs_browser = (page) => page === null || page.next.querySelector("script:not(#flin-state):not([src^='/_flin/'])") !== null;

let turn = 0;

// Shows what is served now. What is typed and clicked until it has come is kept too.
page_hooks.again = async () => {
  const mine = ++turn, page = await fetch_page(location.href).catch(() => null);
  if (mine !== turn) return; // a newer build was announced meanwhile
  const view = current_page();
  view?.keep_cells();
  if (view === null || needs_browser(page)) return void location.reload();
  const [type_again, look_again] = keep_document();
  put_page({ ...page, before: type_again });
  look_again();
};

hooks.mismatch = (expected, found) => {
  if (current_page()?.state.dev) console.warn(`FLIN: the page differs from its program: expected ${expected}, found`, found);
};
