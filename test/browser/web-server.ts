import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Served {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Pages of a site: what each path answers. */
export type Pages = Map<string, Served>;

/** A web site on loopback whose pages the tests write. Another origin than the service. */
export interface WebServer {
  readonly url: string;
  readonly pages: Pages;
  stop(): Promise<void>;
}

export async function serveSite(): Promise<WebServer> {
  const pages: Pages = new Map();
  const server = createServer((request, response) => answer(pages, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}`, pages, stop: () => stop(server) };
}

function answer(pages: Pages, request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? "/", "http://localhost");
  const page = pages.get(pathname);
  // What a browser asks for by itself, such as an icon, is not there, and that is no failure.
  response.writeHead(page === undefined ? 204 : 200, {
    "content-type": "text/html; charset=utf-8",
    ...page?.headers,
  });
  response.end(page?.body ?? "");
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
