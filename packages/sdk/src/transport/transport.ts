import type { Ending } from "../client/connection-state.ts";

/** Where to connect and as whom. The token must reach no log, error or URL. */
export interface ConnectRequest {
  /** `ws:` or `wss:` address of `/v1/connect`. */
  readonly url: string;
  readonly token: string;
}

/** What a socket tells its owner. `ended` comes once, and last. */
export interface SocketListener {
  opened(): void;
  received(text: string): void;
  ended(ending: Ending): void;
}

/** An open or opening connection. */
export interface ClientSocket {
  /** Sends a text message; silently does nothing when the socket is not open. */
  send(text: string): void;
  /** Starts the closing handshake. */
  close(code: number, reason: string): void;
  /** Drops the connection without a handshake; the listener hears nothing more. */
  terminate(): void;
}

/** A way to open sockets, one for each kind of platform. */
export type Transport = (request: ConnectRequest, listener: SocketListener) => ClientSocket;

const CONNECT_PATH = "/v1/connect";

/**
 * The address to connect to, from the service's base address (`http:`, `https:`, `ws:` or `wss:`).
 * Throws `TypeError` for anything else, and for an address that carries credentials.
 */
export function connectUrl(base: string): string {
  const url = new URL(base);
  const secure = url.protocol === "https:" || url.protocol === "wss:";
  if (!secure && url.protocol !== "http:" && url.protocol !== "ws:") {
    throw new TypeError("the address of the service must begin with https: or http:");
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("the address of the service must not carry credentials");
  }
  url.protocol = secure ? "wss:" : "ws:";
  url.pathname = url.pathname.replace(/\/+$/, "") + CONNECT_PATH;
  url.search = "";
  url.hash = "";
  return url.href;
}
