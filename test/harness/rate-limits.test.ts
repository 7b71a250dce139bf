import type { IncomingMessage } from "node:http";
import type { Problem } from "@sluice/protocol";
import { afterEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import { NO_LIMITS, type Running, runSluice } from "./running.ts";

const ALLOWED = 5;

let running: Running;
afterEach(() => running.service.stop());

/** A service on which one limiter, and no other, speaks after a few requests. */
async function limitedBy(limiter: keyof typeof NO_LIMITS): Promise<void> {
  running = await runSluice({ rateLimits: { ...NO_LIMITS, [limiter]: ALLOWED } });
}

/** What a call answers: its status, its wait in seconds and the code of its problem. */
async function call(
  path: string,
): Promise<[status: number, retryAfter: string | null, code?: string]> {
  const headers = { authorization: `Bearer ${running.operatorKey}` };
  const response = await fetch(running.service.url + path, { headers });
  const text = await response.text();
  if (response.ok) return [response.status, response.headers.get("retry-after")];
  const problem: Problem = JSON.parse(text);
  return [response.status, response.headers.get("retry-after"), problem.code];
}

/** The answer to an upgrade; null when it was granted. */
function upgrade(token: string): Promise<IncomingMessage | null> {
  const url = `${running.service.url.replace(/^http/, "ws")}/v1/connect`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
  return new Promise((resolve) => {
    socket.on("error", () => {});
    socket.once("unexpected-response", (_request, response) => resolve(response));
    socket.once("open", () => resolve(null));
  });
}

test("an address that asks too often is turned away, and told when to come back", async () => {
  await limitedBy("ADDRESS_LIMIT");
  for (let n = 0; n < ALLOWED; n += 1) expect(await call("/healthz")).toEqual([200, null]);
  expect(await call("/healthz")).toEqual([429, "60", "rate_limited"]);
});

test("a key that is used too often is turned away, and what needs no key goes on", async () => {
  await limitedBy("KEY_LIMIT");
  const path = `/v1/clients/cl_${"0".repeat(32)}`;
  for (let n = 0; n < ALLOWED; n += 1) expect(await call(path)).toEqual([404, null, "not_found"]);
  expect(await call(path)).toEqual([429, "60", "rate_limited"]);
  expect(await call("/healthz")).toEqual([200, null]);
});

test("a client that connects too often is refused its upgrade, and another is not", async () => {
  await limitedBy("CLIENT_LIMIT");
  const [hasty, calm] = [await running.operator.enrol(), await running.operator.enrol()];
  for (let n = 0; n < ALLOWED; n += 1) await upgrade(hasty.token);
  const refused = await upgrade(hasty.token);
  expect(refused?.statusCode).toBe(429);
  expect(refused?.headers["retry-after"]).toBe("60");
  expect(await upgrade(calm.token)).toBeNull();
});
