// Dev mode: compile errors over the page (W 4.4), a word on documents that differ from their template (W 2).

import { current_page, page_hooks } from "../page.js";
import { hooks } from "../signals.js";

const STYLE = "position:fixed;inset:0;margin:0;padding:2rem;overflow:auto;z-index:2147483647;background:#1e1e1e;color:#fff";

page_hooks.messages.diagnostics = (view, { text }) => {
  document.getElementById("flin-diagnostics")?.remove();
  if (!text) return;
  const box = document.createElement("pre");
  box.id = "flin-diagnostics";
  box.textContent = text;
  box.setAttribute("style", STYLE);
  document.body.append(box);
};

hooks.mismatch = (expected, found) => {
  if (current_page()?.state.dev) console.warn(`FLIN: the page differs from its program: expected ${expected}, found`, found);
};
