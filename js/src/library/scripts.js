// The names that plain scripts may use (W 5); imported by pages that hold a <script>.

import { current_page } from "../page.js";
import { flush } from "../signals.js";
import { error_message, is_loading, make_async, start_async } from "./async.js";
import { on_entity_change, ws_connect, ws_subscribe, ws_unsubscribe } from "./entities.js";
import { debounce, throttle } from "./modifiers.js";

// A cell of the page by its name.
function cell_named(name) {
  const view = current_page(), declared = view?.module.cells?.[name];
  if (declared === undefined) throw new Error(`this page has no variable '${name}'`);
  const cell = view.cell(name, declared);
  return cell.async ? cell : make_async(cell);
}

Object.assign(globalThis, {
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
