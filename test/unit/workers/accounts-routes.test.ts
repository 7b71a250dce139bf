import { fail, ok } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import type { RegistryRpc } from "../../../durable-objects/registry/rpc.ts";
import {
  FIRST_ACCOUNT,
  formatAccountId,
  hashKey,
  parseAccountId,
  verifyKey,
} from "../../../workers/keys/index.ts";
import { asAdmin, idOf, RING_TEXT, ringOf, startFront, verdictOf } from "./front-fixture.ts";

const ACCOUNT = formatAccountId(FIRST_ACCOUNT);

/** The admin calls; what the registry was told and the answer. */
async function call(
  method: string,
  path: string,
  body?: unknown,
  registryAnswers: Partial<RegistryRpc> = {},
) {
  const front = startFront({ registryAnswers });
  const response = await front.call(path, asAdmin(method, body));
  return { response, calls: front.registry.calls };
}

describe("opening an account", () => {
  it("makes its first admin key, whose hash alone the registry is told", async () => {
    const { response, calls } = await call("POST", "/v1/accounts", { name: "acme" });
    expect(response.status).toBe(201);
    const { operatorKey } = await response.json();
    const verified = verifyKey(ringOf(RING_TEXT), operatorKey.key);
    const account = verified.ok ? formatAccountId(verified.value.account) : "";
    expect(calls).toEqual([
      {
        name: `account:${account}`,
        method: "openAccount",
        args: [{ name: "acme", limits: {} }, "admin"],
      },
      {
        name: `account:${account}`,
        method: "createEntry",
        args: [
          "operator",
          {
            id: await idOf(operatorKey.key),
            secretHash: hashKey(operatorKey.key),
            label: "first key",
            role: "admin",
          },
          "admin",
        ],
      },
    ]);
  });

  it("takes an id of the caller's choice, or a random one each time", async () => {
    const named = await call("POST", "/v1/accounts", { name: "acme", id: ACCOUNT });
    expect(named.calls[0]?.name).toBe(`account:${ACCOUNT}`);
    const names = await Promise.all(
      [1, 2].map(async () => (await call("POST", "/v1/accounts", { name: "a" })).calls[0]?.name),
    );
    expect(names[0]).not.toBe(names[1]);
  });

  it("makes no key when the account is there already", async () => {
    const exists = async () => fail({ code: "conflict", detail: "exists already" } as const);
    const { response, calls } = await call(
      "POST",
      "/v1/accounts",
      { name: "acme", id: ACCOUNT },
      { openAccount: exists },
    );
    expect(await verdictOf(response)).toBe("409 conflict");
    expect(calls).toHaveLength(1);
  });

  it.each([
    ["name", {}],
    ["name", { name: "" }],
    ["name", { name: "a\u0000" }],
    ["id", { name: "a", id: "ac_x" }],
    ["id", { name: "a", id: `${ACCOUNT}0` }],
    ["limits", { name: "a", limits: [] }],
    ["limits", { name: "a", limits: { frobs: 1 } }],
    ["limits.keys", { name: "a", limits: { keys: -1 } }],
    ["limits.keys", { name: "a", limits: { keys: 10_001 } }],
    ["limits.clients", { name: "a", limits: { clients: 1.5 } }],
  ])("is refused with a %s that does not fit: %j", async (field, body) => {
    const { response, calls } = await call("POST", "/v1/accounts", body);
    expect(response.status).toBe(400);
    expect((await response.json()).detail.startsWith(field)).toBe(true);
    expect(calls).toEqual([]);
  });
});

describe("the admin's calls on an account", () => {
  it.each([
    ["GET", "", undefined, "describeAccount", []],
    [
      "PATCH",
      "",
      { name: "b", limits: { sites: 5 }, suspended: true },
      "updateAccount",
      [{ name: "b", limits: { sites: 5 }, suspended: true }, "admin"],
    ],
    ["PATCH", "", {}, "updateAccount", [{}, "admin"]],
    ["DELETE", "", undefined, "closeAccount", ["admin"]],
  ])("%s %s with %j asks its object to %s", async (method, path, body, asked, args) => {
    const { response, calls } = await call(method, `/v1/accounts/${ACCOUNT}${path}`, body);
    expect(response.ok).toBe(true);
    expect(calls).toEqual([{ name: `account:${ACCOUNT}`, method: asked, args }]);
  });

  it("lists all accounts from the root", async () => {
    const { calls } = await call("GET", "/v1/accounts?limit=2&cursor=ac_1");
    expect(calls).toEqual([
      { name: "root", method: "listAccounts", args: [{ cursor: "ac_1", limit: 2 }] },
    ]);
  });

  it("issues a key to whoever lost all, an admin key unless another role is asked for", async () => {
    const roles = await Promise.all(
      [undefined, {}, { role: "viewer" }].map(async (body) => {
        const { calls } = await call("POST", `/v1/accounts/${ACCOUNT}/keys`, body);
        return calls[0]?.args[1];
      }),
    );
    expect(roles).toMatchObject([{ role: "admin" }, { role: "admin" }, { role: "viewer" }]);
  });

  it("passes on that there is no such account", async () => {
    const describeAccount = async () => fail({ code: "not_found", detail: "no such" } as const);
    const path = `/v1/accounts/${ACCOUNT}`;
    const { response } = await call("GET", path, undefined, { describeAccount });
    expect(await verdictOf(response)).toBe("404 not_found");
  });

  it.each(["ac_", "ac_0", `${ACCOUNT}0`, ACCOUNT.toUpperCase(), "root", "account:x"])(
    "at %s are not found, and no object is made for them",
    async (id) => {
      const { response, calls } = await call("GET", `/v1/accounts/${id}`);
      expect(await verdictOf(response)).toBe("404 not_found");
      expect(calls).toEqual([]);
    },
  );
});

it("an account's id has one text", () => {
  expect(parseAccountId(ACCOUNT)).toEqual(FIRST_ACCOUNT);
  const spareBitSet = `${ACCOUNT.slice(0, -1)}1`;
  expect(parseAccountId(spareBitSet)).toBeNull();
});

it("an answer of the registry is passed on as it is", async () => {
  const view = { id: ACCOUNT, name: "acme" };
  const { response } = await call("GET", `/v1/accounts/${ACCOUNT}`, undefined, {
    describeAccount: async () => ok(view as never),
  });
  expect(await response.json()).toEqual(view);
});
