import { createClient } from "@sluice/sdk/node";
import { createOperator } from "@sluice/sdk/operator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { Enrolled } from "./operator.ts";
import { type Running, runSluice } from "./running.ts";

let running: Running;
let enrolled: Enrolled;
beforeAll(async () => {
  running = await runSluice();
  enrolled = await running.operator.enrol();
});
afterAll(async () => {
  await running.service.stop();
  expect(running.troubles).toEqual([]);
});

/** Offers subprotocols at an upgrade; answers the one that was chosen, or how it was refused. */
function offer(subprotocols: readonly string[], headers: Record<string, string> = {}) {
  const url = `${running.service.url.replace(/^http/, "ws")}/v1/connect`;
  const socket = new WebSocket(url, [...subprotocols], { headers });
  return new Promise<string | number>((resolve, reject) => {
    socket.once("error", reject);
    socket.once("close", (code) => resolve(code));
    // A refusal is an accepted socket that is closed at once, with a code that its owner can read.
    socket.once("open", () => {
      setTimeout(() => {
        resolve(socket.protocol);
        socket.terminate();
      }, 200);
    });
  });
}

describe("a browser, which can set no header", () => {
  test("hands its token over as a subprotocol, and is answered the version alone", async () => {
    const answer = await offer(["sluice.v1", `sluice.token.${enrolled.token}`]);
    expect(answer).toBe("sluice.v1");
  });

  test("is closed with 4401 when the token is none", async () => {
    expect(await offer(["sluice.v1", "sluice.token.ct_nonsense"])).toBe(4401);
    expect(await offer(["sluice.v1"])).toBe(4401);
  });
});

test("a client with a header is answered the version that it offered, and none when it offered none", async () => {
  const headers = { authorization: `Bearer ${enrolled.token}` };
  expect(await offer(["sluice.v1"], headers)).toBe("sluice.v1");
  expect(await offer([], headers)).toBe("");
});

test("the SDK's client and operator do a task together, from enrolment to its rows", async () => {
  const { service, operatorKey } = running;
  const operator = createOperator({ url: service.url, key: operatorKey });
  const { clientId, token } = enrolled;
  const client = createClient({ url: service.url, token, agent: "harness/1.0" });
  client.handle("greet", ({ name }) => [`hello ${name}`, "goodbye"]);
  await client.start();
  const [scheduled] = await operator.schedule(clientId, [{ kind: "greet", args: { name: "you" } }]);
  await expect.poll(() => client.stats.reportsSent - client.stats.unanswered).toBeGreaterThan(0);
  const rows: unknown[] = [];
  for await (const { row } of operator.rows(clientId, scheduled?.id ?? "")) rows.push(row);
  await client.stop();
  expect(rows).toEqual(["hello you", "goodbye"]);
  expect(await operator.task(clientId, scheduled?.id ?? "")).toMatchObject({ state: "succeeded" });
});
