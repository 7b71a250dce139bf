import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KV_TIMEOUT_MS, STALENESS } from "../../../workers/cache/index.ts";
import { FIRST_ACCOUNT, formatAccountId, hashKey } from "../../../workers/keys/index.ts";
import {
  accountRecord,
  type Outage,
  operatorKeyRecord,
  PublishedRecords,
} from "../../builders/published-records.ts";
import {
  asOperator,
  enrolledClient,
  type Front,
  idOf,
  NOW,
  operatorKey,
  requestWith,
  startFront,
} from "./front-fixture.ts";

const ACCOUNT = formatAccountId(FIRST_ACCOUNT);
const OUTAGES: readonly Outage[] = ["down", "hanging", "corrupt"];

let key: string;
let path: string;
let records: PublishedRecords;
let clock: { ms: number };
let front: Front;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  key = await operatorKey();
  path = `/v1/clients/${(await enrolledClient()).clientId}`;
  records = new PublishedRecords();
  records.publish("account", ACCOUNT, accountRecord(ACCOUNT));
  records.publish("operator", await idOf(key), operatorKeyRecord(ACCOUNT, hashKey(key)));
  clock = { ms: NOW };
  front = startFront({ records, now: () => clock.ms });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Calls, and lets every time-out on the way elapse. */
function call(bearer = key): Promise<Response> {
  return lapse(front.call(path, requestWith(bearer, "GET")));
}

async function lapse(answer: Promise<Response>): Promise<Response> {
  let done = false;
  answer.finally(() => {
    done = true;
  });
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.runOnlyPendingTimersAsync();
  }
  return answer;
}

describe.each(OUTAGES)("with a KV that is %s", (outage) => {
  it("a key that is known opens until its staleness bound, and then nothing does", async () => {
    expect((await call()).status).toBe(200);
    records.outage = outage;
    for (const ageMs of [0, STALENESS.freshnessMs, STALENESS.stalenessMs - 1]) {
      clock.ms = NOW + ageMs;
      expect((await call()).status).toBe(200);
    }
    clock.ms = NOW + STALENESS.stalenessMs;
    const refused = await call();
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
  });

  it("a genuine key that is not known is told to come back, and wakes nothing", async () => {
    records.outage = outage;
    const refused = await call();
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await refused.json()).toMatchObject({ code: "unavailable" });
    expect(front.clients.stubs + front.registry.stubs).toBe(0);
  });

  it("a forged key is refused as ever, and KV is not asked", async () => {
    records.outage = outage;
    const forged = `${key.slice(0, -3)}AAA`;
    expect((await call(forged)).status).toBe(401);
    expect(records.reads).toBe(0);
  });

  it("a key that is known to be revoked stays so", async () => {
    const revoked = operatorKeyRecord(ACCOUNT, hashKey(key), {
      version: 2,
      revokedAtMs: NOW,
    });
    records.publish("operator", await idOf(key), revoked);
    expect((await call()).status).toBe(403);
    records.outage = outage;
    clock.ms = NOW + STALENESS.freshnessMs;
    expect((await call()).status).toBe(403);
  });

  it("opens again when KV is back", async () => {
    records.outage = outage;
    await call();
    records.outage = "none";
    clock.ms += Math.max(STALENESS.retryUnknownMs, KV_TIMEOUT_MS);
    expect((await call()).status).toBe(200);
  });
});

describe("with a KV that is slow", () => {
  it("what comes within its time is served", async () => {
    records.latencyMs = KV_TIMEOUT_MS - 1;
    expect((await call()).status).toBe(200);
  });

  it("what takes longer is told to come back, and opens once it is there", async () => {
    records.latencyMs = KV_TIMEOUT_MS + 1;
    const refused = await call();
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(front.clients.stubs + front.registry.stubs).toBe(0);
    // The key's own record has come by then, its account's is asked for next.
    await call();
    expect((await call()).status).toBe(200);
  });

  it("a key that is known waits for nothing until it is no longer fresh", async () => {
    expect((await call()).status).toBe(200);
    records.latencyMs = KV_TIMEOUT_MS + 1;
    clock.ms = NOW + STALENESS.freshnessMs - 1;
    expect((await call()).status).toBe(200);
  });
});

describe("with a KV that is stale", () => {
  it("a revocation that was seen once is not forgotten", async () => {
    const revoked = operatorKeyRecord(ACCOUNT, hashKey(key), {
      version: 2,
      revokedAtMs: NOW,
    });
    records.publish("operator", await idOf(key), revoked);
    expect((await call()).status).toBe(403);
    records.publish("operator", await idOf(key), operatorKeyRecord(ACCOUNT, hashKey(key)));
    clock.ms += STALENESS.freshnessMs;
    expect((await call()).status).toBe(403);
  });

  it("a revocation is seen at the latest when what is known is no longer fresh", async () => {
    expect((await call()).status).toBe(200);
    const revoked = operatorKeyRecord(ACCOUNT, hashKey(key), {
      version: 2,
      revokedAtMs: NOW,
    });
    records.publish("operator", await idOf(key), revoked);
    clock.ms += STALENESS.freshnessMs;
    expect((await call()).status).toBe(403);
  });
});

describe("with a registry that cannot be reached", () => {
  const down = async () => {
    throw Object.assign(new Error("SECRET"), { retryable: true });
  };

  it("keys open and clients are served as ever", async () => {
    front = startFront({ records, registryAnswers: { getEntry: down } });
    expect((await call()).status).toBe(200);
  });

  it("what would change or list it is told to come back, with a line in the log", async () => {
    front = startFront({ registryAnswers: { listEntries: down, createEntry: down } });
    for (const [method, body] of [
      ["GET", undefined],
      ["POST", {}],
    ] as const) {
      const response = await front.call("/v1/keys", await asOperator(method, body));
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("5");
      expect(await response.text()).not.toContain("SECRET");
    }
    expect(front.log.length).toBeGreaterThan(0);
    expect(front.log.join()).not.toContain("SECRET");
  });

  it("a reading call is made twice, one that makes something once", async () => {
    front = startFront({ registryAnswers: { listEntries: down, createEntry: down } });
    await front.call("/v1/keys", await asOperator("GET"));
    await front.call("/v1/keys", await asOperator("POST", {}));
    expect(front.registry.calls.map(({ method }) => method)).toEqual([
      "listEntries",
      "listEntries",
      "createEntry",
    ]);
  });
});

describe("with a registry that hangs", () => {
  const { promise: never } = Promise.withResolvers<never>();

  it("whoever lists or changes something is told to come back, and nobody waits for ever", async () => {
    front = startFront({
      registryAnswers: { listEntries: () => never, createEntry: () => never },
    });
    for (const [method, body] of [
      ["GET", undefined],
      ["POST", {}],
    ] as const) {
      const response = await lapse(front.call("/v1/keys", await asOperator(method, body)));
      expect(response.status).toBe(503);
      expect(response.headers.get("retry-after")).toBe("5");
      expect(await response.json()).toMatchObject({ code: "unavailable" });
    }
    expect(front.registry.calls.map(({ method }) => method)).toEqual([
      "listEntries",
      "createEntry",
    ]);
  });
});
