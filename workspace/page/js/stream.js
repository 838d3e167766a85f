// A WebSocket that comes back by itself. It knows frames and silence, nothing of what the frames mean.

const FIRST_WAIT = 500;
const LONGEST_WAIT = 5000;
const PING_EVERY = 20000;

/**
 * Listens to `path` until the page goes away.
 * @param {string} path
 * @param {{frame: (frame: object) => void, lost?: () => void}} hears `hello` comes first, also after a reconnect
 */
export function listen(path, hears) {
  let wait = FIRST_WAIT;
  const connect = () => {
    const socket = new WebSocket(`ws://${location.host}${path}`);
    const pings = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send('{"type": "ping"}');
    }, PING_EVERY);
    socket.addEventListener("open", () => {
      wait = FIRST_WAIT;
    });
    socket.addEventListener("message", (event) => hears.frame(JSON.parse(event.data)));
    socket.addEventListener("close", () => {
      clearInterval(pings);
      hears.lost?.();
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  };
  connect();
}
