// The one socket of the document: page views and entity subscriptions share it.

import { Socket } from "./socket.js";

let socket = null;

// Who listens: `opened()`, `lost()` and `message(object)` of each are called in order; message gives true if it took it.
export const parties = [];

export function shared_socket(dev = false) {
  return (socket ??= new Socket(
    {
      open: () => parties.forEach((party) => party.opened()),
      close: () => parties.forEach((party) => party.lost?.()),
      message: (message) => parties.some((party) => party.message(message)),
    },
    dev,
  ));
}
