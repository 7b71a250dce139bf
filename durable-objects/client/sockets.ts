import type { SocketState } from "./connection.ts";

/** Close codes that may not be sent. */
const RESERVED_CODES = new Set([1004, 1005, 1006, 1015]);
/** Longest reason that a close frame takes, bytes. */
const MAX_REASON_BYTES = 123;

/** Reads what a socket carries; null for one that is not ours. */
export function readSocketState(socket: WebSocket): SocketState | null {
  const state: unknown = socket.deserializeAttachment();
  return isSocketState(state) ? state : null;
}

/** Writes what a socket carries over hibernation. */
export function writeSocketState(socket: WebSocket, state: SocketState): void {
  socket.serializeAttachment(state);
}

/** Closes a socket whatever its condition; closing a dead one is no error. */
export function closeQuietly(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(RESERVED_CODES.has(code) ? 1000 : code, reason.slice(0, MAX_REASON_BYTES));
  } catch {
    // It was closed already.
  }
}

/** Sends on a socket that may have died: the frame is then sent again on the next connection. */
export function sendQuietly(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // Only an acknowledgement counts as delivery.
  }
}

/** Accepts an upgrade only to close it with a code that a browser can read. */
export function refuseUpgrade(code: number, reason: string): Response {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  server.close(code, reason);
  return new Response(null, { status: 101, webSocket: client });
}

function isSocketState(value: unknown): value is SocketState {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  return value.kind === "open" || value.kind === "greeting";
}
