import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import type { Problem } from "@sluice/protocol";
import { onTestFinished } from "vitest";
import { createOperator, type Operator } from "../../../../packages/sdk/src/operator/index.ts";

/** What the service was asked. */
export interface Asked {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; null without one. */
  readonly body: unknown;
}

/** What it answers: a status with a body, or a connection that breaks without an answer. */
export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }
  | "breaks";

/** An HTTP service on 127.0.0.1 whose answers the test decides, call by call. */
export interface HttpService {
  readonly url: string;
  readonly asked: Asked[];
}

/** Starts a service for the length of a test; `answer` is given the call and its number from 0. */
export async function startService(
  answer: (asked: Asked, call: number) => Answer,
): Promise<HttpService> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const { method = "", url: path = "", headers } = request;
    const one: Asked = { method, path, headers, body: text === "" ? null : JSON.parse(text) };
    asked.push(one);
    const given = answer(one, asked.length - 1);
    if (given === "breaks") {
      request.socket.destroy();
      return;
    }
    response.writeHead(given.status, { "content-type": "application/json", ...given.headers });
    response.end(given.body === undefined ? undefined : JSON.stringify(given.body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked };
}

/** An operator of this service that does not wait long between attempts. */
export function operatorOf({ url }: HttpService, attempts = 4): Operator {
  return createOperator({ url, key: "sk_test", retry: { attempts, baseMs: 1, capMs: 2 } });
}

/** A refusal as the service words it. */
export function refusal(
  status: number,
  code: Problem["code"],
  headers: Record<string, string> = {},
): Answer {
  const body: Problem = {
    type: `about:blank#${code}`,
    title: code,
    status,
    code,
    detail: `refused: ${code}`,
    requestId: "req_7",
  };
  return { status, body, headers };
}
