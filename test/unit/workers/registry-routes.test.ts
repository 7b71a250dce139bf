import { ok } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import type { RegistryRpc } from "../../../durable-objects/registry/rpc.ts";
import {
  FIRST_ACCOUNT,
  formatAccountId,
  hashKey,
  signingStateOf,
} from "../../../workers/keys/index.ts";
import {
  asOperator,
  enrolledClient,
  idOf,
  keyOf,
  NOW,
  OTHER_ACCOUNT,
  OTHER_RING_TEXT,
  RING_TEXT,
  startFront,
  verdictOf,
} from "./front-fixture.ts";

const OBJECT = `account:${formatAccountId(FIRST_ACCOUNT)}`;
/** 12 bytes in base32: the last character has bits to spare, which are zero. */
const ID = `${"1".repeat(19)}0`;
const BY = expect.stringMatching(/^key:[0-9a-z]{20}$/);
const SITE = { name: "shop", hostnames: ["shop.example", "*.shop.example"] };

async function call(
  method: string,
  path: string,
  body?: unknown,
  registryAnswers: Partial<RegistryRpc> = {},
) {
  const front = startFront({ registryAnswers });
  const response = await front.call(path, await asOperator(method, body));
  return { response, calls: front.registry.calls, clients: front.clients };
}

describe("the calls on keys and tokens", () => {
  it.each([
    ["GET", "/v1/keys?limit=3", "listEntries", ["operator", { cursor: null, limit: 3 }]],
    ["GET", `/v1/keys/${ID}`, "getEntry", ["operator", ID]],
    ["DELETE", `/v1/keys/${ID}`, "removeEntry", ["operator", ID, BY]],
    ["POST", `/v1/keys/${ID}/revoke`, "revokeEntry", ["operator", ID, BY]],
    ["GET", "/v1/enrolment-tokens", "listEntries", ["enrolment", { cursor: null, limit: 100 }]],
    ["GET", `/v1/enrolment-tokens/${ID}`, "getEntry", ["enrolment", ID]],
    ["DELETE", `/v1/enrolment-tokens/${ID}`, "removeEntry", ["enrolment", ID, BY]],
    ["POST", `/v1/enrolment-tokens/${ID}/revoke`, "revokeEntry", ["enrolment", ID, BY]],
    ["GET", "/v1/sites", "listEntries", ["site", { cursor: null, limit: 100 }]],
    ["GET", "/v1/audit?cursor=9", "listAudit", [{ cursor: "9", limit: 100 }]],
  ])("%s %s asks the caller's own account to %s", async (method, path, asked, args) => {
    const { response, calls } = await call(method, path);
    expect(response.ok).toBe(true);
    expect(calls).toEqual([{ name: OBJECT, method: asked, args }]);
  });

  it.each(["x", ID.slice(1), `${ID}0`, `${ID.slice(0, -1)}1`, ID.replace("1", "I"), "..", "%00"])(
    "with the id %s are not found, and no object is asked",
    async (id) => {
      for (const path of [`/v1/keys/${id}`, `/v1/enrolment-tokens/${id}`]) {
        const { response, calls } = await call("DELETE", path);
        expect(response.status).toBe(404);
        expect(calls).toEqual([]);
      }
    },
  );

  it("make a key, which is shown once", async () => {
    const createEntry = async () => ok({ id: "kept" } as never);
    const asked = { label: "ci", role: "viewer" };
    const { response, calls } = await call("POST", "/v1/keys", asked, { createEntry });
    expect(response.status).toBe(201);
    const { key, ...view } = await response.json();
    expect(view).toEqual({ id: "kept" });
    const spec = { id: await idOf(key), secretHash: hashKey(key), ...asked };
    expect(calls[0]?.args).toEqual(["operator", spec, BY]);
  });

  it("replace a key by one with the same id", async () => {
    const id = await idOf(await keyOf("operator"));
    const path = `/v1/keys/${id}/rotate`;
    const { response, calls } = await call("POST", path, { overlapSeconds: 60 });
    const { key } = await response.json();
    expect(await idOf(key)).toBe(id);
    const rotation = { secretHash: hashKey(key), overlapSeconds: 60 };
    expect(calls).toMatchObject([{ method: "rotateSecret", args: ["operator", id, rotation, BY] }]);
    expect(calls[0]?.args[2]).not.toHaveProperty("signing");
    const usual = await call("POST", path);
    expect(usual.calls[0]?.args[2]).toMatchObject({ overlapSeconds: null });
  });

  it.each([
    ["/v1/keys", { role: "root" }, "role"],
    ["/v1/keys", { label: 7 }, "label"],
    [`/v1/keys/${ID}/rotate`, { overlapSeconds: -1 }, "overlapSeconds"],
    [`/v1/keys/${ID}/rotate`, { overlapSeconds: 30 * 24 * 3600 + 1 }, "overlapSeconds"],
  ])("POST %s refuses %j", async (path, body, field) => {
    const { response, calls } = await call("POST", path, body);
    expect(response.status).toBe(400);
    expect((await response.json()).detail.startsWith(field)).toBe(true);
    expect(calls).toEqual([]);
  });
});

describe("the calls on sites", () => {
  it("make a sitekey and a secret with one id, and the secret is shown once", async () => {
    const createEntry: RegistryRpc["createEntry"] = async (_kind, spec) =>
      ok({ sitekey: "sitekey" in spec ? spec.sitekey : "" } as never);
    const { response, calls } = await call("POST", "/v1/sites", SITE, { createEntry });
    expect(response.status).toBe(201);
    const { sitekey, secret } = await response.json();
    expect(sitekey).toMatch(/^site_/);
    expect(secret).toMatch(/^ss_/);
    const id = await idOf(secret);
    expect(await idOf(sitekey)).toBe(id);
    const decided = {
      ...SITE,
      mode: "managed",
      threshold: 0.5,
      policy: { difficulty: "normal", enrols: false },
      recording: null,
    };
    const kept = { secretHash: hashKey(secret), signing: signingStateOf(secret) };
    const minted = { id, sitekey, ...kept };
    expect(calls[0]?.args).toEqual(["site", { ...decided, ...minted }, BY]);
  });

  it("find a site by its sitekey", async () => {
    const sitekey = await keyOf("site");
    const id = await idOf(sitekey);
    const path = `/v1/sites/${sitekey}`;
    const patch = { threshold: 0.9, policy: { difficulty: "high", enrols: true } };
    const asked = [
      (await call("GET", path)).calls[0],
      (await call("PATCH", path, patch)).calls[0],
      (await call("DELETE", path)).calls[0],
    ];
    expect(asked).toEqual([
      { name: OBJECT, method: "getEntry", args: ["site", id] },
      { name: OBJECT, method: "updateSite", args: [id, patch, BY] },
      { name: OBJECT, method: "removeEntry", args: ["site", id, BY] },
    ]);
  });

  it.each([
    [null, null],
    [{ label: "human" }, { label: "human", source: null, sharePercent: 10, days: 30 }],
    [
      { label: "script", source: "honey-pot_2.a", sharePercent: 100, days: 90 },
      { label: "script", source: "honey-pot_2.a", sharePercent: 100, days: 90 },
    ],
    [
      { label: "human", source: null, sharePercent: 1, days: 1 },
      { label: "human", source: null, sharePercent: 1, days: 1 },
    ],
  ])("take %j as what is to be recorded", async (recording, understood) => {
    const path = `/v1/sites/${await keyOf("site")}`;
    const { calls } = await call("PATCH", path, { recording });
    expect(calls[0]?.args[1]).toEqual({ recording: understood });
    const created = await call("POST", "/v1/sites", { ...SITE, recording });
    expect(created.calls[0]?.args[1]).toMatchObject({ recording: understood });
  });

  it("replace the secret and leave the sitekey", async () => {
    const sitekey = await keyOf("site");
    const { response, calls } = await call("POST", `/v1/sites/${sitekey}/rotate`);
    const { secret } = await response.json();
    expect(secret).toMatch(/^ss_/);
    const id = await idOf(sitekey);
    expect(await idOf(secret)).toBe(id);
    const kept = { secretHash: hashKey(secret), signing: signingStateOf(secret) };
    const rotation = { ...kept, overlapSeconds: null };
    expect(calls).toMatchObject([{ method: "rotateSecret", args: ["site", id, rotation, BY] }]);
  });

  it("do not find a sitekey of another account, a forged one, or another key", async () => {
    for (const sitekey of [
      await keyOf("site", NOW, RING_TEXT, { account: OTHER_ACCOUNT }),
      await keyOf("site", NOW, OTHER_RING_TEXT),
      await keyOf("siteSecret"),
      "site_x",
    ]) {
      const { response, calls } = await call("GET", `/v1/sites/${sitekey}`);
      expect(await verdictOf(response)).toBe("404 not_found");
      expect(calls).toEqual([]);
    }
  });

  it.each(["localhost", "127.0.0.1", "a-b.example", "xn--bcher-kva.example", "*.example.co.uk"])(
    "take %s as a hostname",
    async (hostname) => {
      const site = { ...SITE, hostnames: [hostname] };
      expect((await call("POST", "/v1/sites", site)).response.status).toBe(201);
    },
  );

  it.each([
    ["hostnames", { hostnames: [] }],
    ["hostnames", { hostnames: ["Shop.example"] }],
    ["hostnames", { hostnames: ["https://shop.example"] }],
    ["hostnames", { hostnames: ["shop.example:443"] }],
    ["hostnames", { hostnames: ["*"] }],
    ["hostnames", { hostnames: ["*.com"] }],
    ["hostnames", { hostnames: ["a.*.example"] }],
    ["hostnames", { hostnames: ["-a.example"] }],
    ["hostnames", { hostnames: [`${"a".repeat(64)}.example`] }],
    ["hostnames", { hostnames: Array(65).fill("a.example") }],
    ["hostnames", { hostnames: "shop.example" }],
    ["name", { name: "" }],
    ["mode", { mode: "captcha" }],
    ["threshold", { threshold: 1.1 }],
    ["threshold", { threshold: "0.5" }],
    ["policy.difficulty", { policy: { difficulty: "none", enrols: true } }],
    ["policy.enrols", { policy: { difficulty: "low" } }],
    ["recording", { recording: true }],
    ["recording", { recording: "" }],
    ["recording.label", { recording: {} }],
    ["recording.label", { recording: { label: "bot" } }],
    ["recording.source", { recording: { label: "human", source: "a b" } }],
    ["recording.source", { recording: { label: "human", source: "x".repeat(65) } }],
    ["recording.source", { recording: { label: "human", source: "" } }],
    ["recording.sharePercent", { recording: { label: "human", sharePercent: 0 } }],
    ["recording.sharePercent", { recording: { label: "human", sharePercent: 101 } }],
    ["recording.sharePercent", { recording: { label: "human", sharePercent: 0.5 } }],
    ["recording.days", { recording: { label: "human", days: 0 } }],
    ["recording.days", { recording: { label: "human", days: 91 } }],
  ])("refuse a %s that does not fit: %j", async (field, wrong) => {
    const sitekey = await keyOf("site");
    for (const { response, calls } of [
      await call("POST", "/v1/sites", { ...SITE, ...wrong }),
      await call("PATCH", `/v1/sites/${sitekey}`, wrong),
    ]) {
      expect(response.status).toBe(400);
      expect((await response.json()).detail.startsWith(field)).toBe(true);
      expect(calls).toEqual([]);
    }
  });
});

describe("replacing a client's token", () => {
  it("shows the new one, tells the object its hash, and keeps the client", async () => {
    const { clientId, token: old } = await enrolledClient();
    const front = startFront({
      answers: { rotateToken: async () => ok({ oldTokenUntil: "2026-11-24T00:00:00.000Z" }) },
    });
    const path = `/v1/clients/${clientId}/rotate`;
    const response = await front.call(path, await asOperator("POST", { overlapSeconds: 60 }));
    const { token, ...rest } = await response.json();
    expect(rest).toEqual({ clientId, oldTokenUntil: "2026-11-24T00:00:00.000Z" });
    expect(token).not.toBe(old);
    expect(await idOf(token)).toBe(await idOf(old));
    expect(front.clients.calls).toEqual([
      {
        name: clientId,
        method: "rotateToken",
        args: [{ tokenHash: hashKey(token), overlapSeconds: 60 }],
      },
    ]);
    await front.call("/v1/connect", {
      headers: { upgrade: "websocket", authorization: `Bearer ${token}` },
    });
    expect(front.clients.calls[1]).toMatchObject({ name: clientId, method: "fetch" });
  });

  it("leaves a day for the old one when nothing is said", async () => {
    const { clientId } = await enrolledClient();
    const { clients } = await call("POST", `/v1/clients/${clientId}/rotate`);
    expect(clients.calls[0]?.args[0]).toMatchObject({ overlapSeconds: 24 * 3600 });
  });

  it("does not find a client of another account", async () => {
    const { clientId } = await enrolledClient(OTHER_ACCOUNT);
    const { response, clients } = await call("POST", `/v1/clients/${clientId}/rotate`);
    expect(await verdictOf(response)).toBe("404 not_found");
    expect(clients.stubs).toBe(0);
  });
});
