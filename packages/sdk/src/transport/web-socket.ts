import { SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from "@sluice/protocol";
import type { ClientSocket, Transport } from "./transport.ts";

/** What a browser reports when a connection ended without a close frame (RFC 6455, 7.1.5). */
const ABNORMAL_CLOSURE = 1006;

/**
 * Connects with the platform's own `WebSocket`: browsers, Deno, Bun, Node from 22 on. It cannot set
 * headers, so the token rides as a second subprotocol.
 */
export const webSocketTransport: Transport = (request, listener) => {
  const socket = new WebSocket(request.url, [
    SUBPROTOCOL,
    TOKEN_SUBPROTOCOL_PREFIX + request.token,
  ]);
  const listening = new AbortController();
  const on = { signal: listening.signal };
  socket.addEventListener("open", () => listener.opened(), on);
  socket.addEventListener(
    "message",
    (event) => listener.received(typeof event.data === "string" ? event.data : ""),
    on,
  );
  socket.addEventListener(
    "close",
    ({ code, reason }) => {
      listening.abort();
      listener.ended(
        code === ABNORMAL_CLOSURE ? { kind: "failed" } : { kind: "closed", code, reason },
      );
    },
    on,
  );
  return socketOf(socket, () => listening.abort());
};

function socketOf(socket: WebSocket, silence: () => void): ClientSocket {
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close(code, reason) {
      socket.close(code, reason);
    },
    terminate() {
      silence();
      socket.close();
    },
  };
}
