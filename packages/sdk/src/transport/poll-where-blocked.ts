import type { Ending } from "../client/connection-state.ts";
import type { ClientSocket, ConnectRequest, SocketListener, Transport } from "./transport.ts";

/** Sockets in a row that came to nothing, after which they count as blocked. */
const BLOCKED_AFTER = 2;
/** How long polls go on before a socket is tried again, ms: the network may have changed. */
const RETRY_SOCKET_MS = 3_600_000;
/** With these the service itself turns an upgrade away, so it has heard of it. */
const OWN_REFUSALS: readonly number[] = [401, 403, 429, 503];
/** From here on close codes are the service's own. */
const OWN_CLOSE_CODES = 4000;

/**
 * Connects by `socket`, and by `polls` where two sockets in a row came to nothing in a way that looks as
 * if something on the way lets none through. Polls keep the client's object in memory, so a socket is
 * tried again when they end, and from time to time.
 */
export function pollWhereBlocked(
  socket: Transport,
  polls: Transport,
  retrySocketMs = RETRY_SOCKET_MS,
): Transport {
  let inVain = 0;
  return (request, listener) => {
    if (inVain >= BLOCKED_AFTER) {
      inVain = 0;
      return pollForAWhile(polls, request, listener, retrySocketMs);
    }
    // Taken back as soon as a word of the service arrives, which also shows that frames get through.
    inVain += 1;
    return socket(request, {
      opened: () => listener.opened(),
      received(text) {
        inVain = 0;
        listener.received(text);
      },
      ended(ending) {
        if (isOfTheService(ending)) inVain = 0;
        listener.ended(ending);
      },
    });
  };
}

function isOfTheService(ending: Ending): boolean {
  switch (ending.kind) {
    case "failed":
      return false;
    case "refused":
      return OWN_REFUSALS.includes(ending.status);
    case "closed":
      return ending.code >= OWN_CLOSE_CODES;
  }
}

function pollForAWhile(
  polls: Transport,
  request: ConnectRequest,
  listener: SocketListener,
  whileMs: number,
): ClientSocket {
  const timer = setTimeout(() => {
    connection.terminate();
    listener.ended({ kind: "failed" });
  }, whileMs);
  const connection = polls(request, {
    opened: () => listener.opened(),
    received: (text) => listener.received(text),
    ended(ending) {
      clearTimeout(timer);
      listener.ended(ending);
    },
  });
  return {
    send: (text) => connection.send(text),
    close(code, reason) {
      clearTimeout(timer);
      connection.close(code, reason);
    },
    terminate() {
      clearTimeout(timer);
      connection.terminate();
    },
  };
}
