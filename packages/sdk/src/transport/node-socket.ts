import { LIMITS, SUBPROTOCOL } from "@sluice/protocol";
import WebSocket from "ws";
import type { Ending } from "../client/connection-state.ts";
import { retryAfterMs } from "../retry-after.ts";
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
      retryAfterMs: Math.min(
        retryAfterMs(response.headers["retry-after"], Date.now()),
        MAX_RETRY_AFTER_MS,
      ),
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
