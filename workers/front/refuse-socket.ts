import type { CloseCode } from "@sluice/protocol";

/**
 * Accepts a socket and closes it at once. A browser can read the close code of a socket that was open, but
 * not the status of an upgrade that was refused.
 */
export function refuseSocket(
  code: CloseCode,
  reason: string,
  subprotocol: string | null,
): Response {
  const [client, server] = Object.values(new WebSocketPair());
  if (client === undefined || server === undefined) throw new Error("no socket pair");
  server.accept();
  server.close(code, reason);
  const headers = subprotocol === null ? {} : { "sec-websocket-protocol": subprotocol };
  return new Response(null, { status: 101, webSocket: client, headers });
}
