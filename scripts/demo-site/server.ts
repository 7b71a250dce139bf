import { createHmac, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { PortTakenError } from "../service.ts";
import { DEMO_PAGES, type DemoPage, demoPage, indexPage, policyOf, verdictPage } from "./pages.ts";
import type { DemoKeys } from "./sites.ts";
import { runTask } from "./task.ts";

const HOST = "127.0.0.1";
/** Far more than a form with a pass. */
const MAX_BODY_BYTES = 64 * 1024;
const FIELDS = [
  "sluice-response",
  "cf-turnstile-response",
  "g-recaptcha-response",
  "h-captcha-response",
];

export interface DemoOptions {
  /** Where the service is. */
  readonly service: string;
  readonly keys: DemoKeys;
  readonly operatorKey: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** The demonstration as it runs. */
export interface DemoServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Serves the demonstration on loopback. Throws `PortTakenError` when the port is in use. */
export async function serveDemo(options: DemoOptions): Promise<DemoServer> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      console.error("demonstration:", error instanceof Error ? error.message : error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  const stop = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: `http://localhost:${port}`, stop };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port, HOST), "listening");
  } catch (error) {
    const isTaken = error instanceof Error && Reflect.get(error, "code") === "EADDRINUSE";
    throw isTaken ? new PortTakenError(port) : error;
  }
}

async function answer(
  options: DemoOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  const page = DEMO_PAGES.find(({ path }) => path === pathname);
  if (pathname === "/") return html(options, response, indexPage);
  if (pathname === "/style.css") return send(response, "text/css", await readBeside("style.css"));
  if (pathname === "/client.js") return send(response, "text/javascript", await clientScript());
  if (pathname === "/task" && request.method === "POST") {
    return send(response, "text/plain", await runTask(options, searchParams.get("client") ?? ""));
  }
  if (page === undefined) return void response.writeHead(404).end();
  if (request.method !== "POST") {
    return html(options, response, (nonce) => demoPage(page, options.service, options.keys, nonce));
  }
  const verdict = await askSiteverify(options, page, new URLSearchParams(await bodyOf(request)));
  return html(options, response, () => verdictPage(page, verdict));
}

/** What a site's own server does with a form: its secret and the pass, to the service. */
async function askSiteverify(
  { service, keys }: DemoOptions,
  page: DemoPage,
  form: URLSearchParams,
): Promise<unknown> {
  const { secret } = keys[page.site];
  const body = page.path === "/geetest" ? signed(form, secret) : passOf(form, secret);
  const answered = await fetch(service + page.verify, { method: "POST", body });
  return answered.json();
}

function passOf(form: URLSearchParams, secret: string): URLSearchParams {
  const field = FIELDS.find((name) => form.get(name));
  return new URLSearchParams({ secret, response: (field && form.get(field)) || "" });
}

/** GeeTest's servers sign the lot number with their key. */
function signed(form: URLSearchParams, secret: string): URLSearchParams {
  const lot = form.get("lot_number") ?? "";
  form.set("sign_token", createHmac("sha256", secret).update(lot).digest("hex"));
  return form;
}

function html(
  { service }: DemoOptions,
  response: ServerResponse,
  page: (nonce: string) => string,
): void {
  const nonce = randomBytes(16).toString("base64url");
  response.setHeader("content-security-policy", policyOf(service, nonce));
  send(response, "text/html", page(nonce));
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(body);
}

function readBeside(name: string): Promise<string> {
  return readFile(new URL(name, import.meta.url), "utf8");
}

/** The SDK as a bundler puts it into a page. */
async function clientScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("client.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    logLevel: "error",
  });
  return outputFiles[0]?.text ?? "";
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error("the form is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
