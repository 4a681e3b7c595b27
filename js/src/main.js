// The runtime's entry: everything page modules import (W 8), and the globals for plain scripts (W 5).

import { error_message, is_loading, make_async, start_async } from "./async.js";
import { on_entity_change, serve_page, shared_socket, ws_connect, ws_subscribe, ws_unsubscribe } from "./entities.js";
import { debounce, throttle } from "./events.js";
import { current_page } from "./page.js";
import { flush, hooks } from "./signals.js";
import { FlinError } from "./kinds.js";

export * from "./signals.js";
export * from "./kinds.js";
export * from "./text.js";
export * from "./basics.js";
export * from "./attributes.js";
export * from "./dom.js";
export * from "./instance.js";
export * from "./page.js";
export * from "./async.js";

serve_page(current_page);
hooks.endless = () => new FlinError("R0019", "updates do not end");
hooks.report = (error) => {
  const event = new CustomEvent("flin:error", { detail: error, cancelable: true });
  if (document.dispatchEvent(event)) console.error(error.code ? `${error.code}: ${error.message}` : error);
};

// A cell of the page by its name.
function cell_named(name) {
  const view = current_page(), declared = view?.module.cells?.[name];
  if (declared === undefined) throw new Error(`this page has no variable '${name}'`);
  const cell = view.cell(name, declared);
  return cell.async ? cell : make_async(cell);
}

Object.assign(globalThis, {
  $flin: {
    get dev() {
      return current_page()?.state.dev === true;
    },
    get page() {
      return current_page();
    },
    socket: shared_socket,
  },
  _flinAsync: (name, promise) => start_async(cell_named(name), () => promise),
  _flinIsLoading: (name) => is_loading(cell_named(name)),
  _flinGetError: (name) => error_message(cell_named(name)),
  _flinDebounce: debounce,
  _flinThrottle: throttle,
  _flinWsConnect: ws_connect,
  _flinWsSubscribe: ws_subscribe,
  _flinWsUnsubscribe: ws_unsubscribe,
  _flinOnEntityChange: on_entity_change,
  _flinUpdate: flush,
});
