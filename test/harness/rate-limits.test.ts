import type { IncomingMessage } from "node:http";
import type { Problem } from "@sluice/protocol";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { NO_LIMITS, type Running, runSluice } from "./running.ts";

const ALLOWED = 5;
const TURNED_AWAY = { status: 429, retryAfter: "60", code: "rate_limited" };

let running: Running;
afterEach(() => running.service.stop());

/** A service on which one limiter, and no other, speaks after a few requests. */
async function limitedBy(limiter: keyof typeof NO_LIMITS): Promise<void> {
  running = await runSluice({ rateLimits: { ...NO_LIMITS, [limiter]: ALLOWED } });
}

/** What a call answers: its status, how long it asks to wait, in seconds, and the code of a problem. */
async function call(path: string, headers: Record<string, string>) {
  const { ok, status, headers: answered, ...response } = await get(path, headers);
  const retryAfter = answered.get("retry-after");
  if (ok) return { status, retryAfter, code: null };
  const problem: Problem = JSON.parse(response.text);
  return { status, retryAfter, code: problem.code };
}

async function get(path: string, sent: Record<string, string>) {
  const response = await fetch(running.service.url + path, { headers: sent });
  const { ok, status, headers } = response;
  return { ok, status, headers, text: await response.text() };
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

describe("whoever asks too often is turned away with 429 and the time to wait", () => {
  test("by address, and by the /64 of one", async () => {
    await limitedBy("ADDRESS_LIMIT");
    const from = (address: string) => call("/healthz", { "cf-connecting-ip": address });
    for (let n = 0; n < ALLOWED; n += 1) {
      expect(await from("203.0.113.7")).toMatchObject({ status: 200 });
      expect(await from(`2001:db8::${n}`)).toMatchObject({ status: 200 });
    }
    expect(await from("203.0.113.7")).toEqual(TURNED_AWAY);
    expect(await from("2001:db8::ffff")).toEqual(TURNED_AWAY);
    expect(await from("203.0.113.8")).toMatchObject({ status: 200 });
  });

  test("by key", async () => {
    await limitedBy("KEY_LIMIT");
    const headers = { authorization: `Bearer ${running.operatorKey}` };
    const path = `/v1/clients/cl_${"0".repeat(32)}`;
    for (let n = 0; n < ALLOWED; n += 1) {
      expect(await call(path, headers)).toMatchObject({ status: 404 });
    }
    expect(await call(path, headers)).toEqual(TURNED_AWAY);
    expect(await call("/healthz", {})).toMatchObject({ status: 200 });
  });

  test("by client, when it asks for its socket", async () => {
    await limitedBy("CLIENT_LIMIT");
    const [hasty, calm] = [await running.operator.enrol(), await running.operator.enrol()];
    for (let n = 0; n < ALLOWED; n += 1) await upgrade(hasty.token);
    const refused = await upgrade(hasty.token);
    expect(refused?.statusCode).toBe(429);
    expect(refused?.headers["retry-after"]).toBe("60");
    expect(await upgrade(calm.token)).toBeNull();
  });
});
