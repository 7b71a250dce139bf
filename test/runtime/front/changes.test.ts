import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { STALENESS } from "../../../workers/cache/index.ts";
import { ADMIN_SECRET } from "../../builders/secrets.ts";
import { RealFront } from "./real-front.ts";

let front: RealFront;
let account: { id: string; adminKey: string };
beforeEach(async () => {
  front = new RealFront();
  account = await front.openAccount("acme");
});

const statusOf = async (key: string, path = "/v1/keys") =>
  (await front.call(key, "GET", path)).status;

/** The status that a key gets when all that memory holds has aged past its freshness. */
async function statusWhenStale(key: string): Promise<number> {
  front.aheadMs += STALENESS.freshnessMs;
  return statusOf(key);
}

/** Waits until KV holds what was changed. */
async function publishedWhere(change: (text: string) => boolean): Promise<void> {
  const texts = async () => {
    const { keys } = await env.CACHE.list({ prefix: `${account.id}/` });
    return Promise.all(keys.map(async ({ name }) => (await env.CACHE.get(name)) ?? ""));
  };
  while (!(await texts()).some(change)) await scheduler.wait(10);
}

describe("a change through the front", () => {
  test("a key that was just made opens at once", async () => {
    const { key } = await front.ask(account.adminKey, "POST", "/v1/keys", { role: "viewer" });
    expect(await statusOf(key)).toBe(200);
  });

  test("a revoked key opens on for its freshness at most", async () => {
    const { id, key } = await front.ask(account.adminKey, "POST", "/v1/keys", {});
    expect(await statusOf(key)).toBe(200);
    await front.ask(account.adminKey, "POST", `/v1/keys/${id}/revoke`);
    await publishedWhere((text) => text.includes("revokedAtMs"));
    expect(await statusWhenStale(key)).toBe(403);
  });

  test("a key that was replaced opens on for the overlap, and the new one opens", async () => {
    const { id, key } = await front.ask(account.adminKey, "POST", "/v1/keys", {});
    const rotation = { overlapSeconds: 3600 };
    const path = `/v1/keys/${id}/rotate`;
    const rotated = await front.ask(account.adminKey, "POST", path, rotation);
    await publishedWhere((text) => text.includes("untilMs"));
    expect(await statusWhenStale(key)).toBe(200);
    expect(await statusOf(rotated.key)).toBe(200);
    front.aheadMs += 3_600_000;
    expect(await statusOf(key)).toBe(401);
    expect(await statusOf(rotated.key)).toBe(200);
  });

  test("a suspension stops an account, and its end lets it go on", async () => {
    expect(await statusOf(account.adminKey)).toBe(200);
    const path = `/v1/accounts/${account.id}`;
    await front.ask(ADMIN_SECRET, "PATCH", path, { suspended: true });
    await publishedWhere((text) => text.includes("suspendedAtMs"));
    expect(await statusWhenStale(account.adminKey)).toBe(403);
    await front.ask(ADMIN_SECRET, "PATCH", path, { suspended: false });
    await publishedWhere((text) => /"version":3/.test(text));
    expect(await statusWhenStale(account.adminKey)).toBe(200);
  });

  test("a limit that was lowered holds", async () => {
    const path = `/v1/accounts/${account.id}`;
    await front.ask(ADMIN_SECRET, "PATCH", path, { limits: { requestsPerMinute: 1 } });
    await publishedWhere((text) => text.includes('"requestsPerMinute":1,'));
    expect(await statusWhenStale(account.adminKey)).toBe(200);
    expect(await statusOf(account.adminKey)).toBe(429);
  });

  test("a quota that is full is a conflict with a code of its own", async () => {
    await front.ask(ADMIN_SECRET, "PATCH", `/v1/accounts/${account.id}`, { limits: { keys: 1 } });
    const refused = await front.call(account.adminKey, "POST", "/v1/keys", {});
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: "quota_exceeded" });
  });
});

describe("an enrolment token of limited uses", () => {
  test("enrols exactly as many, however many come at once", async () => {
    const { token } = await front.ask(account.adminKey, "POST", "/v1/enrolment-tokens", {
      uses: 3,
      labels: ["rack-7"],
    });
    const machine = { token, name: "machine", labels: ["own"] };
    const statuses = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const response = await front.call(null, "POST", "/v1/enrol", machine);
        await response.text();
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(3);
    expect(statuses.filter((status) => status === 403)).toHaveLength(9);
  });

  test("gives its labels to whoever enrols with it", async () => {
    const asked = { uses: 1, labels: ["rack-7"] };
    const { token } = await front.ask(account.adminKey, "POST", "/v1/enrolment-tokens", asked);
    const machine = { token, name: "machine", labels: ["own"] };
    const { clientId } = await front.ask(account.adminKey, "POST", "/v1/enrol", machine);
    const client = await front.ask(account.adminKey, "GET", `/v1/clients/${clientId}`);
    expect(client.labels).toEqual(["rack-7", "own"]);
  });
});

describe("an account's limit on clients", () => {
  /** Sets the limit and gives a token to enrol with, for any number. */
  async function tokenWithin(clients: number): Promise<string> {
    await front.ask(ADMIN_SECRET, "PATCH", `/v1/accounts/${account.id}`, { limits: { clients } });
    return (await front.ask(account.adminKey, "POST", "/v1/enrolment-tokens", {})).token;
  }

  test("lets in exactly as many, however many come at once", async () => {
    const machine = { token: await tokenWithin(5), name: "machine" };
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await front.call(null, "POST", "/v1/enrol", machine);
        await response.text();
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 201)).toHaveLength(5);
    expect(statuses.filter((status) => status === 409)).toHaveLength(15);
  });

  test("says that it is full, and has one place more for each removal", async () => {
    const machine = { token: await tokenWithin(1), name: "machine" };
    const enrol = () => front.call(null, "POST", "/v1/enrol", machine);
    const { clientId } = await front.ask(account.adminKey, "POST", "/v1/enrol", machine);
    expect(await (await enrol()).json()).toMatchObject({ code: "quota_exceeded" });
    const remove = () => front.call(account.adminKey, "DELETE", `/v1/clients/${clientId}`);
    expect((await remove()).status).toBe(204);
    expect((await remove()).status).toBe(404);
    expect((await enrol()).status).toBe(201);
    expect((await enrol()).status).toBe(409);
  });
});

test("who changed what is in the audit log, newest first, and no secret is", async () => {
  const { id, key } = await front.ask(account.adminKey, "POST", "/v1/keys", { role: "admin" });
  const site = await front.ask(key, "POST", "/v1/sites", { name: "s", hostnames: ["a.example"] });
  const { items } = await front.ask(account.adminKey, "GET", "/v1/audit");
  expect(items).toMatchObject([
    { by: `key:${id}`, action: "created", target: { kind: "site", id: site.id } },
    { action: "created", target: { kind: "operator", id } },
    { by: "admin", action: "created", target: { kind: "operator" } },
    { by: "admin", action: "created", target: { kind: "account", id: account.id } },
  ]);
  for (const secret of [key, site.secret, account.adminKey]) {
    expect(JSON.stringify(items)).not.toContain(secret);
  }
});
