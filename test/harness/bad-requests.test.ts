import { LIMITS, PROBLEMS, type Problem } from "@sluice/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROUTES } from "../../workers/routes/table.ts";
import { searchSize } from "../builders/search-size.ts";
import { task, tasks } from "../builders/tasks.ts";
import type { Enrolled } from "./operator.ts";
import { RawClient } from "./raw-client.ts";
import { type Running, runSluice } from "./running.ts";

const RANDOM_BODIES = searchSize(500, 10_000);
const SEED = 20_261_123;
/** Stands in what is sent and may stand in no refusal. */
const MARK = "zq9-marked";
/** They end the client that the random bodies are tried on, so they get one that does not exist. */
const ENDING = /revoke$/;

let running: Running;
let client: Enrolled;
beforeAll(async () => {
  running = await runSluice();
  client = await running.operator.enrol();
});
afterAll(async () => {
  await running.service.stop();
  // Whatever is sent, the runtime has nothing to complain of.
  expect(running.troubles).toEqual([]);
});

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly key?: string | null;
  readonly type?: string | null;
  readonly headers?: Record<string, string>;
  readonly body?: BodyInit;
}

/** By default a schedule call with everything right but what is given. */
async function send(sent: Sent): Promise<{ status: number; text: string; headers: Headers }> {
  const { method = "POST", path = `/v1/clients/${client.clientId}/tasks`, body } = sent;
  const { key = running.operatorKey, type = "application/json" } = sent;
  const headers = new Headers(sent.headers);
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  if (type !== null) headers.set("content-type", type);
  const init: RequestInit & { duplex?: "half" } = { method, headers, duplex: "half" };
  if (body !== undefined) init.body = body;
  const response = await fetch(running.service.url + path, init);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function refusal(sent: Sent): Promise<Problem> {
  const { status, text, headers } = await send(sent);
  expect(headers.get("content-type")).toBe("application/problem+json");
  const problem: Problem = JSON.parse(text);
  expect(problem.status).toBe(status);
  expect(PROBLEMS[problem.code]).toBe(status);
  expect(text).not.toContain(MARK);
  return problem;
}

/** How often a large body is sent before its refusal counts as unreadable. */
const TRIES = 5;

/**
 * The refusal of a body that is still being sent when it is refused. The runtime then closes the
 * connection, and TCP may throw the answer away with the rest of the body; such a caller asks again.
 */
async function refusalOfLarge(sent: () => Sent): Promise<Problem> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await refusal(sent());
    } catch (error) {
      if (!(error instanceof TypeError) || left === 0) throw error;
    }
  }
}

const json = (value: unknown) => ({ body: JSON.stringify(value) });
/** A stream of so many bytes in pieces. */
function spaces(bytes: number): ReadableStream<Uint8Array> {
  const piece = new Uint8Array(65_536).fill(0x20);
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += piece.length;
      if (sent > bytes) controller.close();
      else controller.enqueue(piece);
    },
  });
}

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const one = (overrides: object) => json({ tasks: [{ ...task(), ...overrides }] });

describe("a schedule call that does not fit is refused with its reason", () => {
  test.each<[string, string, Sent]>([
    ["no JSON", "invalid_task", { body: `{"tasks": ${MARK}` }],
    ["nothing", "invalid_task", { body: "" }],
    ["a list", "invalid_task", json([task()])],
    ["no tasks", "invalid_task", json({ tasks: [] })],
    ["a task that is text", "invalid_task", json({ tasks: [MARK] })],
    ["no kind", "invalid_task", json({ tasks: [{ args: {} }] })],
    ["a kind of another type", "invalid_task", one({ kind: 7 })],
    ["args that are a list", "invalid_task", one({ args: [MARK] })],
    ["a priority above 9", "invalid_task", one({ priority: 10 })],
    ["half an attempt", "invalid_task", one({ maxAttempts: 0.5 })],
    ["an unknown delivery", "invalid_task", one({ delivery: MARK })],
    ["a key over its length", "invalid_task", one({ idempotencyKey: MARK.repeat(99) })],
    ["args that nest too deeply", "invalid_task", { body: `{"tasks":[{"args":${nested(64)}}]}` }],
    ["brackets without end", "invalid_task", { body: "[".repeat(1_000_000) }],
    ["too many tasks", "invalid_task", json({ tasks: tasks(LIMITS.callTasks + 1) })],
    ["a task over its size", "invalid_task", one({ args: { x: "x".repeat(LIMITS.taskBytes) } })],
    ["bytes that are no UTF-8", "bad_request", { body: new Uint8Array([0x22, 0xff, 0x22]) }],
    ["no content type", "unsupported_media_type", { ...one({}), type: null }],
    ["a form", "unsupported_media_type", { body: "a=b", type: "multipart/form-data" }],
    [
      "a compressed body",
      "unsupported_media_type",
      { ...one({}), headers: { "content-encoding": "gzip" } },
    ],
  ])("%s", async (_name, code, sent) => {
    expect((await refusal(sent)).code).toBe(code);
  });

  test("a body over its size", async () => {
    const problem = await refusalOfLarge(() => ({ body: " ".repeat(LIMITS.callBytes + 1) }));
    expect(problem.code).toBe("body_too_large");
  });

  test("a body that never says its length is cut off at the cap", async () => {
    const problem = await refusalOfLarge(() => ({ body: spaces(4 * LIMITS.callBytes) }));
    expect(problem.code).toBe("body_too_large");
  });

  test("one bad task among good ones, and none of them is enqueued", async () => {
    const fresh = await running.operator.enrol();
    const path = `/v1/clients/${fresh.clientId}/tasks`;
    const problem = await refusal({ path, ...json({ tasks: [...tasks(99), { kind: 1 }] }) });
    expect(problem.detail).toContain("tasks[99].kind");
    expect(await running.operator.tasks(fresh.clientId)).toEqual([]);
  });
});

describe("a caller without the right key is refused", () => {
  const forged = (key: string) => key.slice(0, -3) + (key.endsWith("AAA") ? "BBB" : "AAA");
  test.each<[string, string, () => string | null]>([
    ["no key", "missing_key", () => null],
    ["a key with other characters at its end", "invalid_key", () => forged(running.operatorKey)],
    ["a client's token", "invalid_key", () => client.token],
    ["an operator key cut short", "invalid_key", () => running.operatorKey.slice(0, -1)],
  ])("%s", async (_name, code, key) => {
    const problem = await refusal({ key: key(), ...one({}) });
    expect(problem).toMatchObject({ code, status: 401 });
  });
});

describe("an address that leads nowhere is refused", () => {
  const get = { method: "GET", type: null };
  test.each<[string, string, Sent]>([
    ["no route", "not_found", { path: `/v1/${MARK}`, ...get }],
    ["a path that climbs", "not_found", { path: "/v1/../../etc/passwd", ...get }],
    ["no client id", "not_found", { path: `/v1/clients/${MARK}`, ...get }],
    [
      "a client that was never made",
      "not_found",
      { path: `/v1/clients/cl_${"0".repeat(32)}`, ...get },
    ],
    ["an escape that is none", "not_found", { path: "/v1/clients/%E0%A4%A", ...get }],
    ["another method", "method_not_allowed", { path: "/healthz", method: "PUT" }],
    ["an address over its length", "uri_too_long", { path: `/v1/${"x".repeat(5_000)}`, ...get }],
    ["a socket without an upgrade", "upgrade_required", { path: "/v1/connect", ...get }],
  ])("%s", async (_name, code, sent) => {
    expect((await refusal(sent)).code).toBe(code);
  });

  test.each([
    ["limit=0", "bad_request"],
    ["limit=1e3", "bad_request"],
    ["limit=99999999999999999999", "bad_request"],
    [`cursor=${MARK}%00`, "invalid_cursor"],
    ["cursor=abc", "invalid_cursor"],
    [`state=${MARK}`, "bad_request"],
  ])("a list asked for with %s", async (query, code) => {
    const path = `/v1/clients/${client.clientId}/tasks?${query}`;
    expect((await refusal({ ...get, path })).code).toBe(code);
  });
});

const anyBody = fc.oneof(
  fc.json().map((text) => text.replaceAll('""', `"${MARK}"`)),
  fc.string({ unit: "binary", maxLength: 500 }),
  fc.uint8Array({ maxLength: 500 }).map((bytes) => new Uint8Array(bytes)),
  fc
    .dictionary(
      fc.constantFrom("tasks", "token", "name", "labels", "facts", "paused", "frames", MARK),
      fc.oneof(fc.jsonValue(), fc.array(fc.record({ kind: fc.jsonValue(), args: fc.jsonValue() }))),
    )
    .map((fields) => JSON.stringify(fields)),
);

const anyCall = fc.record({
  route: fc.constantFrom(...ROUTES.filter(({ method }) => method === "POST" || method === "PATCH")),
  type: fc.constantFrom("application/json", "application/x-ndjson", "text/plain", null),
  body: anyBody,
});

test(`${RANDOM_BODIES} random bodies on every route get an answer below 500, and no task is lost`, async () => {
  const bystander = await running.operator.enrol();
  const scheduled = await running.operator.schedule(bystander.clientId, tasks(20));
  const [known] = await running.operator.schedule(client.clientId, [task()]);
  const statuses = new Set<number>();
  for (const { route, type, body } of fc.sample(anyCall, { seed: SEED, numRuns: RANDOM_BODIES })) {
    const id = ENDING.test(route.path) ? `cl_${"0".repeat(32)}` : client.clientId;
    const path = route.path.replace(":id", id).replace(":task", known?.id ?? "");
    const { status, text } = await send({ method: route.method, path, type, body });
    if (status >= 400) expect(text).not.toContain(MARK);
    statuses.add(status);
  }
  expect([...statuses].filter((status) => status >= 500)).toEqual([]);

  const raw = await RawClient.connect({ url: running.service.url, token: bystander.token });
  const received = await raw.takeAll(scheduled.length);
  expect(received.sort()).toEqual(scheduled.map((each) => each.id).sort());
  raw.terminate();
});
