import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { STALENESS } from "../../../workers/cache/index.ts";
import type { Env } from "../../../workers/env.ts";
import { RealFront } from "./real-front.ts";

const WAIT_SECONDS = "5";
/** The bindings of the runtime, of which the platform's own types are wider than what the front asks. */
const BINDINGS: unknown = env;
const REAL = BINDINGS as Env;

/** A binding of which one method can be made to fail. */
function breakable<Binding extends object>(binding: Binding, method: string) {
  const state = { isDown: false };
  const wrapped = new Proxy(binding, {
    get(target, name) {
      if (name === method && state.isDown) {
        return () => {
          throw new Error("SECRET");
        };
      }
      const member: unknown = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { wrapped, state };
}

interface Keys {
  readonly admin: string;
  readonly token: string;
  readonly client: string;
  readonly clientId: string;
}

/** An account with a machine that has enrolled, as seen by the front of this test. */
async function enrolledMachine(front: RealFront): Promise<Keys> {
  const { adminKey: admin } = await front.openAccount("acme");
  const { token } = await front.ask(admin, "POST", "/v1/enrolment-tokens", {});
  const enrolled = await front.ask(admin, "POST", "/v1/enrol", { token, name: "machine" });
  return { admin, token, client: enrolled.token, clientId: enrolled.clientId };
}

let front: RealFront;
let keys: Keys;
let outage: { isDown: boolean };

async function start(binding: "CACHE" | "REGISTRY", method: string): Promise<void> {
  const { wrapped, state } = breakable(REAL[binding], method);
  front = new RealFront({ [binding]: wrapped });
  outage = state;
  keys = await enrolledMachine(front);
}

/** Calls that each kind of key makes; the last two ask the registry. */
const calls = () => ({
  "looks at a client": () => front.call(keys.admin, "GET", `/v1/clients/${keys.clientId}`),
  schedules: () => {
    const tasks = { tasks: [{ kind: "test.noop" }] };
    return front.call(keys.admin, "POST", `/v1/clients/${keys.clientId}/tasks`, tasks);
  },
  polls: () => front.call(keys.client, "POST", "/v1/poll", { waitMs: 0 }),
  "lists keys": () => front.call(keys.admin, "GET", "/v1/keys"),
  enrols: () => front.call(null, "POST", "/v1/enrol", { token: keys.token, name: "another" }),
});

async function expectUnavailable(response: Response): Promise<void> {
  const text = await response.text();
  expect(response.status, text).toBe(503);
  expect(response.headers.get("retry-after")).toBe(WAIT_SECONDS);
  expect(text).not.toContain("SECRET");
}

async function statusOf(call: () => Promise<Response>): Promise<number> {
  const response = await call();
  await response.text();
  return response.status;
}

describe("while KV cannot be read", () => {
  beforeEach(() => start("CACHE", "get"));

  test("what an isolate knows is served until its bound, and then nothing is let in", async () => {
    for (const call of Object.values(calls())) expect(await statusOf(call)).toBeLessThan(300);
    outage.isDown = true;
    front.aheadMs = STALENESS.stalenessMs - 10_000;
    for (const call of Object.values(calls())) expect(await statusOf(call)).toBeLessThan(300);
    front.aheadMs = STALENESS.stalenessMs + 10_000;
    for (const call of Object.values(calls())) await expectUnavailable(await call());
    outage.isDown = false;
    front.aheadMs += STALENESS.retryMs;
    for (const call of Object.values(calls())) expect(await statusOf(call)).toBeLessThan(300);
  });

  test("an isolate that has just started lets nobody in", async () => {
    const { wrapped, state } = breakable(REAL.CACHE, "get");
    state.isDown = true;
    front = new RealFront({ CACHE: wrapped });
    for (const call of Object.values(calls())) await expectUnavailable(await call());
    expect(front.log.join()).not.toContain("SECRET");
  });
});

describe("while the registry cannot be reached", () => {
  beforeEach(() => start("REGISTRY", "getByName"));

  test("a fleet is served by an isolate that has just started; changes are told to come back", async () => {
    const { wrapped, state } = breakable(REAL.REGISTRY, "getByName");
    state.isDown = true;
    front = new RealFront({ REGISTRY: wrapped });
    const { "lists keys": list, enrols, ...served } = calls();
    for (const call of Object.values(served)) expect(await statusOf(call)).toBeLessThan(300);
    for (const call of [list, enrols]) await expectUnavailable(await call());
    expect(front.log.join()).not.toContain("SECRET");
  });

  test("a key that is forged or revoked opens no more than ever", async () => {
    const { id, key } = await front.ask(keys.admin, "POST", "/v1/keys", {});
    await front.ask(keys.admin, "POST", `/v1/keys/${id}/revoke`);
    const path = `/v1/clients/${keys.clientId}`;
    const fresh = () => new RealFront({ REGISTRY: front.context.env.REGISTRY });
    while ((await statusOf(() => fresh().call(key, "GET", path))) !== 403) await scheduler.wait(10);
    outage.isDown = true;
    expect(await statusOf(() => fresh().call(key, "GET", path))).toBe(403);
    const forged = `${key.slice(0, -3)}AAA`;
    expect(await statusOf(() => fresh().call(forged, "GET", path))).toBe(401);
  });
});
