import { describe, expect, it } from "vitest";
import { createAdmin, SluiceError } from "../../../packages/sdk/src/operator/index.ts";
import { operatorOf, refusal, startService } from "./builders/http-service.ts";

/** Has every field that an answer is known by. */
const ANSWER = {
  ...{ id: "01", key: "sk_1", token: "et_1", expiresAt: "2026-01-02T00:00:00.000Z" },
  ...{ sitekey: "site_1", secret: "ss_1", clientId: "cl_1", limits: {} },
  ...{ account: {}, operatorKey: {} },
};
const OVERLAP = { overlapSeconds: 60 };
const SITE = { name: "shop", hostnames: ["shop.example"] };

type Operator = ReturnType<typeof operatorOf>;
type Admin = ReturnType<typeof createAdmin>;

const OPERATOR_CALLS: [string, (operator: Operator) => Promise<unknown>, unknown?][] = [
  ["POST /v1/keys", ({ keys }) => keys.create({ role: "viewer" }), { role: "viewer" }],
  ["GET /v1/keys/0%2F1", ({ keys }) => keys.get("0/1")],
  ["DELETE /v1/keys/01", ({ keys }) => keys.remove("01")],
  ["POST /v1/keys/01/rotate", ({ keys }) => keys.rotate("01", OVERLAP), OVERLAP],
  ["POST /v1/keys/01/revoke", ({ keys }) => keys.revoke("01")],
  ["POST /v1/sites", ({ sites }) => sites.create(SITE), SITE],
  ["PATCH /v1/sites/site_1", ({ sites }) => sites.update("site_1", SITE), SITE],
  ["POST /v1/sites/site_1/rotate", ({ sites }) => sites.rotate("site_1"), {}],
  ["DELETE /v1/sites/site_1/tracks", ({ sites }) => sites.eraseTracks("site_1")],
  ["POST /v1/enrolment-tokens", (o) => o.enrolmentTokens.create({ uses: 2 }), { uses: 2 }],
  ["POST /v1/enrolment-tokens/01/revoke", (o) => o.enrolmentTokens.revoke("01")],
  ["POST /v1/clients/cl_1/rotate", (operator) => operator.rotate("cl_1", OVERLAP), OVERLAP],
];

const ADMIN_CALLS: [string, (admin: Admin) => Promise<unknown>, unknown?][] = [
  ["POST /v1/accounts", (admin) => admin.openAccount({ name: "acme" }), { name: "acme" }],
  ["GET /v1/accounts/ac_1", (admin) => admin.account("ac_1")],
  [
    "PATCH /v1/accounts/ac_1",
    (admin) => admin.updateAccount("ac_1", { suspended: true }),
    { suspended: true },
  ],
  ["DELETE /v1/accounts/ac_1", (admin) => admin.closeAccount("ac_1")],
  ["POST /v1/accounts/ac_1/keys", (admin) => admin.issueKey("ac_1"), {}],
];

const adminOf = ({ url }: { readonly url: string }) =>
  createAdmin({ url, secret: "the admin's", retry: { attempts: 3, baseMs: 1, capMs: 2 } });

describe("a call on what the registry keeps", () => {
  it.each(OPERATOR_CALLS)("asks %s under the operator's key", async (call, ask, body = null) => {
    const service = await startService(() => ({ status: 200, body: ANSWER }));
    await ask(operatorOf(service));
    const [method, path] = call.split(" ");
    const headers = { authorization: "Bearer sk_test" };
    expect(service.asked).toMatchObject([{ method, path, headers, body }]);
  });

  it.each(ADMIN_CALLS)("asks %s under the admin's secret", async (call, ask, body = null) => {
    const service = await startService(() => ({ status: 200, body: ANSWER }));
    await ask(adminOf(service));
    const [method, path] = call.split(" ");
    const headers = { authorization: "Bearer the admin's" };
    expect(service.asked).toMatchObject([{ method, path, headers, body }]);
  });

  it("that shows a secret is not repeated when its answer was lost", async () => {
    const service = await startService(() => "breaks");
    const operator = operatorOf(service);
    for (const lost of [
      operator.keys.create(),
      operator.keys.rotate("01"),
      operator.sites.create(SITE),
      operator.enrolmentTokens.create(),
      operator.rotate("cl_1"),
      adminOf(service).openAccount({ name: "acme" }),
      adminOf(service).issueKey("ac_1"),
    ]) {
      await expect(lost).rejects.toMatchObject({ code: "network" });
    }
    expect(service.asked).toHaveLength(7);
  });

  it("that only asks or ends is repeated until it is answered", async () => {
    const service = await startService((_, call) =>
      call % 2 === 0 ? "breaks" : { status: 200, body: ANSWER },
    );
    const operator = operatorOf(service);
    await operator.keys.get("01");
    await operator.sites.remove("site_1");
    await adminOf(service).updateAccount("ac_1", {});
    expect(service.asked).toHaveLength(6);
  });

  it("rejects with the service's refusal", async () => {
    const service = await startService(() => refusal(403, "forbidden"));
    const refused = operatorOf(service).keys.create();
    await expect(refused).rejects.toThrow(SluiceError);
    await expect(refused).rejects.toMatchObject({ code: "forbidden", status: 403 });
  });
});

it("lists go on from page to page", async () => {
  const service = await startService((_, call) => ({
    status: 200,
    body: { items: [{ id: `${call}` }], cursor: call === 0 ? "next" : null },
  }));
  const items = await operatorOf(service).audit({ limit: 1 }).toArray();
  expect(items).toEqual([{ id: "0" }, { id: "1" }]);
  expect(service.asked.map(({ path }) => path)).toEqual([
    "/v1/audit?limit=1",
    "/v1/audit?limit=1&cursor=next",
  ]);
});

it("a site's tracks are a list of the site", async () => {
  const service = await startService(() => ({
    status: 200,
    body: { items: [{ id: "a", label: 1 }], cursor: null },
  }));
  const tracks = operatorOf(service).sites.tracks("site/1", { limit: 2 });
  expect(await tracks.toArray()).toEqual([{ id: "a", label: 1 }]);
  expect(service.asked.map(({ path }) => path)).toEqual(["/v1/sites/site%2F1/tracks?limit=2"]);
});
