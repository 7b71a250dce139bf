import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type ClientEvent,
  createClient,
  nodeTransport,
  pollTransport,
  pollWhereBlocked,
  type SluiceClient,
  type Transport,
} from "@sluice/sdk/node";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { tasks } from "../../builders/tasks.ts";
import type { Enrolled } from "../operator.ts";
import { eventually, Machine, useSluice } from "./machine.ts";

const sluice = useSluice();
const TASKS = 50;

/** A client of the SDK that runs until the test ends; counts how often each task began. */
async function collector(transport: Transport, { token }: Enrolled, url = sluice().service.url) {
  const runs = new Map<string, number>();
  const events: ClientEvent[] = [];
  const client = createClient({
    url,
    token,
    agent: "polling/1",
    transport,
    onEvent: (event) => events.push(event),
    tuning: { backoffBaseMs: 20, backoffCapMs: 100 },
  });
  onTestFinished(() => client.stop());
  client.handle("collect", async (_, context) => {
    const { id } = context.task;
    runs.set(id, (runs.get(id) ?? 0) + 1);
    await context.row({ id });
  });
  await client.start();
  return { client, runs, events };
}

/** Every task was run once, and its operator knows. */
async function allDone(client: SluiceClient, { clientId }: Enrolled, runs: Map<string, number>) {
  await eventually(() => expect(client.stats.succeeded).toBe(TASKS));
  await eventually(async () => {
    expect(await sluice().operator.tasks(clientId, "succeeded")).toHaveLength(TASKS);
  });
  expect(runs.size).toBe(TASKS);
  expect(new Set(runs.values())).toEqual(new Set([1]));
}

async function passOn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const { authorization = "", "content-type": type = "" } = request.headers;
  const answer = await fetch(sluice().service.url + request.url, {
    method: request.method ?? "GET",
    headers: { authorization, "content-type": type },
    body: Buffer.concat(chunks),
  });
  response.writeHead(answer.status).end(await answer.text());
}

/** A proxy that passes calls on and lets no WebSocket through. */
async function withoutWebSockets(): Promise<string> {
  const proxy: Server = createServer((request, response) => {
    passOn(request, response).catch(() => response.destroy());
  });
  proxy.on("upgrade", (_, socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

describe("a client that polls", () => {
  test(`runs ${TASKS} tasks once each, and waits for more`, async () => {
    const enrolled = await sluice().operator.enrol();
    const { client, runs } = await collector(pollTransport(), enrolled);
    await sluice().operator.schedule(enrolled.clientId, tasks(TASKS / 2));
    await eventually(() => expect(client.stats.succeeded).toBe(TASKS / 2));
    await sluice().operator.schedule(enrolled.clientId, tasks(TASKS / 2));
    await allDone(client, enrolled, runs);
    expect(await sluice().operator.client(enrolled.clientId)).toMatchObject({
      online: true,
      epoch: 1,
    });
  });

  test("runs each once although its object forgets it again and again", async () => {
    const enrolled = await sluice().operator.enrol();
    const machine = Machine.of(sluice(), enrolled);
    const { client, runs } = await collector(pollTransport({ waitMs: 50 }), enrolled);
    for (let call = 0; call < TASKS; call += 10) {
      await machine.schedule(...tasks(10));
      await machine.evict();
    }
    await allDone(client, enrolled, runs);
    const { epoch } = await sluice().operator.client(enrolled.clientId);
    expect(epoch).toBeGreaterThan(1);
  });

  test("gives up its place to a socket, and stays away for a while", async () => {
    const enrolled = await sluice().operator.enrol();
    const { client, events } = await collector(pollTransport(), enrolled);
    await eventually(() => expect(client.stats.epoch).toBe(1));
    const socket = await Machine.of(sluice(), enrolled).connect();
    const lost = () => events.filter(({ type }) => type === "disconnected");
    await eventually(() => expect(lost()).toMatchObject([{ code: 4409 }]));
    expect(socket.epoch).toBe(2);
    socket.terminate();
  });

  test("stops for good when it is revoked", async () => {
    const enrolled = await sluice().operator.enrol();
    const { client } = await collector(pollTransport(), enrolled);
    await eventually(() => expect(client.stats.epoch).toBe(1));
    await sluice().operator.revoke(enrolled.clientId);
    expect(await client.ended).toBe("revoked");
  });
});

test("a client behind a proxy that lets no WebSocket through polls by itself", async () => {
  const enrolled = await sluice().operator.enrol();
  const transport = pollWhereBlocked(nodeTransport, pollTransport());
  const { client, runs } = await collector(transport, enrolled, await withoutWebSockets());
  await sluice().operator.schedule(enrolled.clientId, tasks(TASKS));
  await allDone(client, enrolled, runs);
});

test("whatever is polled gets an answer below 500, and the client can go on", async () => {
  const { token } = await sluice().operator.enrol();
  const post = async (body: string) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const init = { method: "POST", headers, body };
    const response = await fetch(`${sluice().service.url}/v1/poll`, init);
    return { status: response.status, text: await response.text() };
  };
  const frame = fc.oneof(
    fc.jsonValue(),
    fc.record({ type: fc.constantFrom("hello", "ack", "report", "bye"), agent: fc.string() }),
    fc.record({ type: fc.constant("ack"), epoch: fc.nat(5), seq: fc.nat(5) }),
  );
  const near = fc.record(
    { epoch: fc.nat(50), frames: fc.array(frame, { maxLength: 3 }), waitMs: fc.constant(0) },
    { requiredKeys: ["frames", "waitMs"] },
  );
  const bodies = fc.oneof(
    fc.json(),
    fc.string(),
    near.map((body) => JSON.stringify(body)),
  );
  const statuses = new Set<number>();
  for (const body of fc.sample(bodies, { seed: 3446, numRuns: 300 })) {
    const waitsForLong = /^\s*\{/.test(body) && !body.includes("waitMs");
    if (!waitsForLong) statuses.add((await post(body)).status);
  }
  expect([...statuses].toSorted()).toEqual([200, 400]);
  const hello = await post('{"frames":[{"type":"hello","agent":"after/1"}],"waitMs":0}');
  expect(hello.text).toContain("welcome");
});
