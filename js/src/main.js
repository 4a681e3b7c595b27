// The runtime's entry: what every page module imports (W 8). What only some need is in library/main.js.

import { FlinError } from "./kinds.js";
import { hooks } from "./signals.js";

export { el, text, when, each } from "./dom.js";
export { page } from "./page.js";
export { add_int, sub_int, eq, items_of } from "./basics.js";
export { to_text } from "./text.js";

hooks.endless = new FlinError("R0019", "updates do not end");

// Failures go to whoever listens for `flin:error`, else to the console.
hooks.report = (error) => {
  const event = new CustomEvent("flin:error", { detail: error, cancelable: true });
  if (document.dispatchEvent(event)) console.error(error);
};
