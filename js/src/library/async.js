// Async cells (L 12): Idle, Loading, Success, Error beside the value of a cell.

import { page_hooks } from "../page.js";
import { shared_socket } from "../link.js";
import { batch, signal } from "../signals.js";

const IDLE = { state: "idle" };

// Gives a cell its async part: `status` tells the state, `previous` the last Success value.
export function make_async(cell) {
  const status = signal(IDLE), set = cell.set;
  const put = (value, next) =>
    batch(() => {
      set(value);
      status.set(next);
    });
  cell.async = {
    status,
    previous: null,
    before: null,
    turn: 0,
    operation: null,
    loading: () => put(null, { state: "loading" }),
    idle: (value) => put(value, IDLE),
    success(value) {
      this.previous = value;
      put(value, { state: "success" });
    },
    error: (code, message) => put(null, { state: "error", code, message }),
  };
  cell.set = (value) => {
    cell.async.turn++;
    cell.async.operation = null;
    cell.async.idle(value);
  };
  return cell;
}

// Starts an operation (a function that gives a promise) for the cell; a newer one wins.
export function start_async(cell, operation) {
  const it = cell.async, turn = ++it.turn;
  it.before = [cell.peek(), it.status.peek()];
  it.operation = operation;
  it.loading();
  return Promise.resolve()
    .then(operation)
    .then(
      (value) => turn === it.turn && it.success(value ?? null),
      (error) => turn === it.turn && it.error(error?.code ?? "", String(error?.message ?? error)),
    );
}

// What the server says of a cell whose operation it owns: ["loading"], ["success", json], ["error", code, message], ["idle", json].
export function received_async(cell, type, [state, ...rest]) {
  if (state === "success" || state === "idle") cell.async[state](type.read(rest[0] ?? null));
  else cell.async[state](...rest);
}

const state_of = (cell) => cell.async?.status() ?? IDLE;
export const is_loading = (cell) => state_of(cell).state === "loading";
export const is_error = (cell) => state_of(cell).state === "error";
export const is_idle = (cell) => state_of(cell).state === "idle";
export const is_ready = (cell) => state_of(cell).state === "success";
export const error_message = (cell) => state_of(cell).message ?? "";
export const previous = (cell) => (state_of(cell), cell.async?.previous ?? null);

// `remote(op)` asks the server; it is there for cells whose operation the server owns.
export function retry(cell) {
  if (cell.remote) cell.remote("retry");
  else if (cell.async?.operation) start_async(cell, cell.async.operation);
}

export function cancel(cell) {
  if (cell.remote) return cell.remote("cancel");
  const it = cell.async;
  if (!it?.before || !is_loading(cell)) return;
  it.turn++;
  const [value, status] = it.before;
  it.idle(value);
  it.status.set(status);
}

// What page views need of it (page_hooks): async cells are declared as [type, server].

page_hooks.async_cell = (view, cell, address, server) => {
  make_async(cell);
  if (server) cell.remote = (op) => shared_socket().send({ action: "async", cell: address, op });
  const first = view.state.async?.[address];
  if (first) received_async(cell, view.codec(cell.type), first);
};

page_hooks.adopt.push((view, message) => {
  const pending = [...view.cells].filter(([, cell]) => cell.remote && cell.async.status.peek().state === "loading");
  if (pending.length > 0) message.pending = pending.map(([address]) => address);
});

page_hooks.page = (view, { async = {} }) => {
  for (const address in async) received_async(view.cells.get(address), view.codec(view.cells.get(address).type), async[address]);
};

page_hooks.messages.async = (view, { cell: address, state, value, code, message }) => {
  const cell = view.cells.get(address);
  if (cell?.async) received_async(cell, view.codec(cell.type), state === "error" ? [state, code, message] : [state, value]);
};
