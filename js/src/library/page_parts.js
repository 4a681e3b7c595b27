// Parts of page views that only some have: head nodes (W 2), handlers of topics and changes (W 4.4 `signal`).

import { fill, walk } from "../dom.js";
import { page_hooks } from "../page.js";
import { hooks } from "../signals.js";

page_hooks.head = ({ module }, p) => {
  if (!module.head) return;
  const marks = Array.from(document.head.childNodes).filter((node) => node.nodeType === 8);
  const start = marks.find((mark) => mark.data === "["), end = marks.findLast((mark) => mark.data === "]");
  fill(document.head, start.nextSibling, end, true, (at) => walk(module.head(p), at));
};

page_hooks.messages.signal = (view, { handler, args = [] }) => {
  const run = view.module.signals?.[handler];
  if (run) run(view.root, ...args);
  else view.calls.call(view.root, handler, args, null).catch(hooks.report);
};
