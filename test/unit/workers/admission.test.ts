import { ok } from "@sluice/protocol";
import { describe, expect, it, vi } from "vitest";
import type { KeyRole } from "../../../durable-objects/registry/rpc.ts";
import { createContext } from "../../../workers/front/request-context.ts";
import { FIRST_ACCOUNT, formatAccountId, hashKey } from "../../../workers/keys/index.ts";
import { answer } from "../../../workers/router.ts";
import {
  accountRecord,
  operatorKeyRecord,
  PublishedRecords,
} from "../../builders/published-records.ts";
import { ADMIN_SECRET } from "../../builders/secrets.ts";
import {
  asAdmin,
  asOperator,
  enrolledClient,
  type Front,
  idOf,
  keyOf,
  NOW,
  OTHER_ACCOUNT,
  operatorKey,
  requestWith,
  startFront,
  verdictOf,
} from "./front-fixture.ts";

const ACCOUNT = formatAccountId(FIRST_ACCOUNT);
const HASH = "f".repeat(64);

/** A KV in which this key is published as told, and its account. */
async function published(
  key: string,
  record: Partial<ReturnType<typeof operatorKeyRecord>> = {},
  account: Parameters<typeof accountRecord>[1] = {},
) {
  const records = new PublishedRecords();
  records.publish("account", ACCOUNT, accountRecord(ACCOUNT, account));
  const whole = operatorKeyRecord(ACCOUNT, hashKey(key), record);
  records.publish("operator", await idOf(key), whole);
  return records;
}

const listKeys = async (front: Front, key: string) =>
  verdictOf(await front.call("/v1/keys", requestWith(key, "GET")));

describe("an operator key", () => {
  it("opens what its record says, and the registry is not asked", async () => {
    const key = await operatorKey();
    const records = await published(key);
    const front = startFront({ records });
    const path = `/v1/clients/${(await enrolledClient()).clientId}`;
    for (let n = 0; n < 5; n++) {
      expect((await front.call(path, requestWith(key, "GET"))).status).toBe(200);
    }
    expect(front.registry.stubs).toBe(0);
    expect(records.reads).toBe(2);
  });

  it("that was never published, or was deleted, opens nothing", async () => {
    const key = await operatorKey();
    const records = new PublishedRecords();
    expect(await listKeys(startFront({ records }), key)).toBe("401 invalid_key");
    records.delete("operator", ACCOUNT, await idOf(key));
    expect(await listKeys(startFront({ records }), key)).toBe("401 invalid_key");
  });

  it("that was revoked is told so", async () => {
    const key = await operatorKey();
    const records = await published(key, { revokedAtMs: NOW - 1 });
    expect(await listKeys(startFront({ records }), key)).toBe("403 revoked");
  });

  it("that was replaced opens until the overlap ends", async () => {
    const key = await operatorKey();
    const old = { hash: hashKey(key), untilMs: NOW + 1_000 };
    const records = await published(key, { secrets: [{ hash: HASH, untilMs: null }, old] });
    const at = (now: number) => listKeys(startFront({ records, now: () => now }), key);
    expect(await at(NOW + 999)).toBe("200");
    expect(await at(NOW + 1_000)).toBe("401 invalid_key");
  });

  it("of an account that is suspended may do nothing", async () => {
    const key = await operatorKey();
    const records = await published(key, {}, { suspendedAtMs: NOW });
    expect(await listKeys(startFront({ records }), key)).toBe("403 account_suspended");
  });

  it("of an account that is closed opens nothing", async () => {
    const key = await operatorKey();
    const records = await published(key);
    records.delete("account", ACCOUNT, ACCOUNT);
    expect(await listKeys(startFront({ records }), key)).toBe("401 invalid_key");
  });

  it("is told to come back where KV does not show its account", async () => {
    const key = await operatorKey();
    const records = new PublishedRecords();
    records.publish("operator", await idOf(key), operatorKeyRecord(ACCOUNT, hashKey(key)));
    expect(await listKeys(startFront({ records }), key)).toBe("503 unavailable");
  });
});

describe("the role of a key", () => {
  it.each<[KeyRole, string[]]>([
    ["viewer", ["200", "403 forbidden", "403 forbidden"]],
    ["operator", ["200", "201", "403 forbidden"]],
    ["admin", ["200", "201", "201"]],
  ])("%s decides what it may read, make and own", async (role, expected) => {
    const front = startFront();
    const verdicts = [];
    for (const [method, path] of [
      ["GET", "/v1/audit"],
      ["POST", "/v1/enrolment-tokens"],
      ["POST", "/v1/keys"],
    ] as const) {
      const body = method === "POST" ? {} : undefined;
      verdicts.push(
        await verdictOf(await front.call(path, await asOperator(method, body, { role }))),
      );
    }
    expect(verdicts).toEqual(expected);
    expect(front.registry.calls).toHaveLength(expected.filter((v) => v < "300").length);
  });
});

describe("the limits of an account", () => {
  /** A front whose registry answers when the test says so. */
  function slowFront(records: PublishedRecords) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const listEntries = async () => {
      await promise;
      return ok({ items: [], cursor: null });
    };
    return { front: startFront({ records, registryAnswers: { listEntries } }), release: resolve };
  }

  it("bound its requests under way, and those of no other account", async () => {
    const key = await operatorKey();
    const records = await published(key, {}, { limits: { requestsInFlight: 2 } });
    const otherKey = await operatorKey({ account: OTHER_ACCOUNT });
    const other = formatAccountId(OTHER_ACCOUNT);
    records.publish("account", other, accountRecord(other));
    records.publish("operator", await idOf(otherKey), operatorKeyRecord(other, hashKey(otherKey)));
    const { front, release } = slowFront(records);
    const refused: Response[] = [];
    const flood = Array.from({ length: 20 }, async () => {
      const response = await front.call("/v1/keys", requestWith(key, "GET"));
      if (response.status !== 200) refused.push(response);
      return response;
    });
    const neighbour = front.call("/v1/keys", requestWith(otherKey, "GET"));
    await vi.waitFor(() => expect(refused).toHaveLength(18), 10_000);
    expect(refused.every(({ status }) => status === 429)).toBe(true);
    expect(refused.every(({ headers }) => headers.get("retry-after") === "1")).toBe(true);
    release();
    expect((await neighbour).status).toBe(200);
    expect((await Promise.all(flood)).filter(({ status }) => status === 200)).toHaveLength(2);
    expect((await front.call("/v1/keys", requestWith(key, "GET"))).status).toBe(200);
  });

  it("bound how often it comes, counted over all its keys", async () => {
    const key = await operatorKey();
    const records = await published(key, {}, { limits: { requestsPerMinute: 2 } });
    const second = await operatorKey();
    records.publish("operator", await idOf(second), operatorKeyRecord(ACCOUNT, hashKey(second)));
    const front = startFront({ records });
    expect(await listKeys(front, key)).toBe("200");
    expect(await listKeys(front, second)).toBe("200");
    const refused = await front.call("/v1/keys", requestWith(key, "GET"));
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("30");
  });

  it("end a flood in memory: no other limiter and no record of the key is asked", async () => {
    const key = await operatorKey();
    const records = await published(key, {}, { limits: { requestsPerMinute: 1 } });
    const front = startFront({ records });
    expect(await listKeys(front, key)).toBe("200");
    const limited = () => front.limited.filter((asked) => asked.startsWith("KEY_LIMIT"));
    const [asked, reads] = [limited().length, records.reads];
    const unread = await operatorKey();
    for (const flood of [key, unread]) {
      expect(await listKeys(front, flood)).toBe("429 rate_limited");
    }
    expect(limited()).toHaveLength(asked);
    expect(records.reads).toBe(reads);
  });

  it("are not used up by a handler that fails", async () => {
    const key = await operatorKey();
    const records = await published(key, {}, { limits: { requestsInFlight: 1 } });
    const broken = async () => {
      throw new Error("broken");
    };
    const front = startFront({ records, registryAnswers: { listEntries: broken } });
    for (let n = 0; n < 3; n++) expect(await listKeys(front, key)).toBe("503 unavailable");
  });
});

describe("the platform's admin", () => {
  it("may manage accounts and nothing else", async () => {
    const front = startFront();
    expect((await front.call("/v1/accounts", asAdmin("GET"))).status).toBe(200);
    expect(await verdictOf(await front.call("/v1/keys", asAdmin("GET")))).toBe("401 invalid_key");
  });

  it.each([
    ["no key", ""],
    ["another secret", `${ADMIN_SECRET}x`],
    ["the beginning of the secret", ADMIN_SECRET.slice(0, -1)],
    ["another case", ADMIN_SECRET.toUpperCase()],
  ])("is nobody with %s", async (_what, secret) => {
    const front = startFront();
    expect((await front.call("/v1/accounts", requestWith(secret, "GET"))).status).toBe(401);
    expect(front.registry.stubs).toBe(0);
  });

  it("is nobody with the best of operator keys", async () => {
    const front = startFront();
    const response = await front.call("/v1/accounts", await asOperator("GET"));
    expect(await verdictOf(response)).toBe("401 invalid_key");
  });

  it.each(["", "short", undefined])("is nobody where the secret is %j", async (secret) => {
    const { context } = startFront();
    const env = { ...context.env, ADMIN_SECRET: secret as string };
    for (const presented of [secret ?? "undefined", "x"]) {
      const request = new Request("https://sluice.test/v1/accounts", requestWith(presented, "GET"));
      expect((await answer(request, createContext(env, context))).status).toBe(401);
    }
  });
});

describe("a client token", () => {
  const connect = async (front: Front, token: string) => {
    const headers = { upgrade: "websocket", authorization: `Bearer ${token}` };
    return front.call("/v1/connect", { headers });
  };

  it("of a suspended account is closed with a code that says to come back", async () => {
    const records = new PublishedRecords();
    records.publish("account", ACCOUNT, accountRecord(ACCOUNT, { suspendedAtMs: NOW }));
    const front = startFront({ records });
    await connect(front, (await enrolledClient()).token);
    expect(front.refusedSockets).toMatchObject([{ code: 4503 }]);
    expect(front.clients.stubs).toBe(0);
  });

  it("of a closed account is closed for good", async () => {
    const records = new PublishedRecords();
    records.delete("account", ACCOUNT, ACCOUNT);
    const front = startFront({ records });
    await connect(front, (await enrolledClient()).token);
    expect(front.refusedSockets).toMatchObject([{ code: 4401 }]);
  });

  it("of an account that KV does not show is told to come back, not that it is wrong", async () => {
    const front = startFront({ records: new PublishedRecords() });
    const response = await connect(front, (await enrolledClient()).token);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(front.refusedSockets).toEqual([]);
  });

  it("counts against its account's limits", async () => {
    const records = new PublishedRecords();
    const limits = { requestsPerMinute: 1 };
    records.publish("account", ACCOUNT, accountRecord(ACCOUNT, { limits }));
    const front = startFront({ records });
    expect((await connect(front, (await enrolledClient()).token)).status).toBe(200);
    expect((await connect(front, (await enrolledClient()).token)).status).toBe(429);
  });
});

it("a sitekey or its secret is no operator key", async () => {
  for (const kind of ["site", "siteSecret", "enrolment"] as const) {
    expect(await listKeys(startFront(), await keyOf(kind))).toBe("401 invalid_key");
  }
});
