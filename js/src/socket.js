// The socket of the page (W 3, W 4, W 5): one connection to /_ws that comes back by itself.

const FIRST_DELAY = 1000, LAST_DELAY = 30000, JITTER = 0.2, PONG_TIME = 5000;
const ADOPTED_ELSEWHERE = 4001;

// `on.open()`, `on.message(object)`; `dev` makes every delay one second.
export class Socket {
  constructor(on, dev = false) {
    Object.assign(this, { on, dev, socket: null, tries: 0, timer: 0, pong: 0, ended: false, lost: false });
    this.back = () => this.wake();
    addEventListener("online", this.back);
    document.addEventListener("visibilitychange", this.back);
  }

  get is_open() {
    return this.socket?.readyState === 1;
  }

  connect() {
    if (this.ended || this.socket !== null) return;
    clearTimeout(this.timer);
    const socket = (this.socket = new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/_ws`));
    socket.onopen = () => {
      this.tries = 0;
      this.show("connected");
      this.on.open();
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.type === "pong") this.pong = clearTimeout(this.pong) ?? 0;
      else this.on.message(message);
    };
    socket.onclose = ({ code }) => socket === this.socket && this.closed(code);
  }

  closed(code) {
    this.socket = null;
    this.pong = clearTimeout(this.pong) ?? 0;
    this.on.close?.();
    if (code === ADOPTED_ELSEWHERE) this.end();
    if (this.ended) return;
    this.show("reconnecting");
    const delay = Math.min(FIRST_DELAY * 2 ** this.tries++, LAST_DELAY);
    this.timer = setTimeout(() => this.connect(), this.dev ? FIRST_DELAY : delay * (1 + JITTER * Math.random()));
  }

  // The network or the user is back: connect at once, or ask whether the connection still lives.
  wake() {
    if (document.visibilityState === "hidden" || this.ended) return;
    if (this.socket === null) return void (this.lost && this.connect());
    if (!this.is_open || this.pong !== 0) return;
    this.send({ action: "ping" });
    this.pong = setTimeout(() => this.drop(), PONG_TIME);
  }

  // Gives up a connection that does not answer.
  drop() {
    const socket = this.socket;
    this.closed(1006);
    socket?.close();
  }

  send(message) {
    if (!this.is_open) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  // Ends for good; the page shows `offline`.
  end() {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
    this.show("offline");
  }

  show(state) {
    this.lost = state === "reconnecting";
    const root = document.documentElement;
    if (root.getAttribute("data-flin-connection") === state) return;
    root.setAttribute("data-flin-connection", state);
    root.dispatchEvent(new CustomEvent("flin:connection", { detail: state, bubbles: true }));
  }
}
