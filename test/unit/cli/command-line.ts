import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";

const MAIN = fileURLToPath(new URL("../../../packages/cli/src/main.ts", import.meta.url));

/** What a run of the command line left. */
export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Of the runner's own environment nothing but where compiled code is kept, which tells the program nothing. */
const { NODE_COMPILE_CACHE = "" } = process.env;

/** Starts the real command line in a process of its own, with an environment of its own. */
export function startCli(argv: readonly string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    env: { PATH: "/usr/bin:/bin", NODE_COMPILE_CACHE, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
    });
  }
  return { child, written, ended: ended(child, written) };
}

/** Runs the real command line to its end. */
export function runCli(argv: readonly string[], environment?: Record<string, string>) {
  return startCli(argv, environment).ended;
}

async function ended(child: ChildProcess, written: { stdout: string; stderr: string }) {
  const [exitCode] = await once(child, "close");
  const ran: Ran = { exitCode, ...written };
  return ran;
}

/** One call that the stub was asked. */
export interface Asked {
  readonly call: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A service that answers as the test says, over real HTTP, and remembers what it was asked. */
export async function stubService(answer: (asked: Asked) => Answer) {
  const calls: Asked[] = [];
  const server = createServer(async (request, response) => {
    const asked = await askedOf(request);
    calls.push(asked);
    const { status, body } = answer(asked);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function askedOf(request: IncomingMessage): Promise<Asked> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return {
    call: `${request.method} ${request.url}`,
    authorization: request.headers.authorization,
    body: parsed(text),
  };
}

/** JSON, or the lines of NDJSON, or nothing. */
function parsed(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }
}

/** A problem answer. */
export function problem(status: number, code: string, detail: string): Answer {
  const body = { type: "about:blank", title: code, status, code, detail, requestId: "req-1" };
  return { status, body };
}
