// The runtime's entry: what every page module imports (W 8). What only some need is in library/main.js.

import { FlinError } from "./kinds.js";
import { hooks } from "./signals.js";

export * from "./signals.js";
export * from "./kinds.js";
export * from "./text.js";
export * from "./basics.js";
export * from "./dom.js";
export * from "./page.js";

hooks.endless = () => new FlinError("R0019", "updates do not end");

// Failures go to whoever listens for `flin:error`, else to the console.
hooks.report = (error) => {
  const event = new CustomEvent("flin:error", { detail: error, cancelable: true });
  if (document.dispatchEvent(event)) console.error(error.code ? `${error.code}: ${error.message}` : error);
};
