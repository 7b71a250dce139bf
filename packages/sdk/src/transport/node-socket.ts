import type { IncomingMessage } from "node:http";
import { LIMITS, SUBPROTOCOL } from "@sluice/protocol";
import WebSocket from "ws";
import type { Ending } from "../client/connection.ts";
import type { Transport } from "./transport.ts";

/** What `ws` reports when a connection ended without a close frame (RFC 6455, 7.1.5). */
const ABNORMAL_CLOSURE = 1006;
/** A wait that a server may ask for; longer ones are cut, so that a slip cannot silence a fleet. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * Connects with the `ws` package: the token travels in the `Authorization` header, and the status and
 * `Retry-After` of a refused upgrade can be read. Redirects are not followed.
 */
export const nodeTransport: Transport = (request, listener) => {
  const socket = new WebSocket(request.url, [SUBPROTOCOL], {
    headers: { authorization: `Bearer ${request.token}` },
    perMessageDeflate: false,
    maxPayload: LIMITS.batchFrameBytes,
  });
  let over = false;
  const end = (ending: Ending) => {
    if (over) return;
    over = true;
    listener.ended(ending);
  };
  socket.on("open", () => over || listener.opened());
  socket.on("message", (data, binary) => over || listener.received(binary ? "" : data.toString()));
  socket.on("unexpected-response", (upgrade, response) => {
    end({
      kind: "refused",
      status: response.statusCode ?? 0,
      retryAfterMs: retryAfterMs(response, Date.now()),
    });
    upgrade.destroy();
  });
  socket.on("error", () => end({ kind: "failed" }));
  socket.on("close", (code, reason) =>
    end(
      code === ABNORMAL_CLOSURE
        ? { kind: "failed" }
        : { kind: "closed", code, reason: reason.toString() },
    ),
  );
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code, reason) => socket.close(code, reason),
    terminate() {
      over = true;
      socket.terminate();
    },
  };
};

/** `Retry-After` in ms, of seconds or an HTTP date (RFC 9110, 10.2.3); 0 when absent or unreadable. */
function retryAfterMs(response: IncomingMessage, now: number): number {
  const value = response.headers["retry-after"];
  if (value === undefined) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), MAX_RETRY_AFTER_MS) : 0;
}
