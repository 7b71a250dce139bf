import { describe, expect, it } from "vitest";
import { answer } from "../../../workers/router.ts";
import { ROUTES } from "../../../workers/routes/table.ts";
import {
  asOperator,
  CALLER_ADDRESS,
  enrolledClient,
  keyOf,
  NOW,
  OTHER_ACCOUNT,
  OTHER_RING_TEXT,
  operatorKey,
  startFront,
} from "./front-fixture.ts";

const OPERATOR_ROUTES = ROUTES.filter((route) => route.caller === "operator");
const concrete = (path: string, id: string) => path.replace(":id", id).replace(":task", "tk_1");
const initWith = (method: string, headers: Record<string, string>) => ({
  method,
  headers: { "content-type": "application/json", ...headers },
  ...(method !== "GET" && method !== "DELETE" && { body: '{"tasks":[{"kind":"a"}]}' }),
});

describe.each(OPERATOR_ROUTES.map(({ method, path }) => [method, path] as const))(
  "%s %s",
  (method, path) => {
    it("wakes nothing for a caller without a genuine operator key", async () => {
      const { clientId, token } = await enrolledClient();
      const front = startFront();
      for (const authorization of [
        "",
        "Bearer",
        "Basic YTpi",
        `Bearer sk_${"A".repeat(60)}`,
        `Bearer ${"A".repeat(500)}`,
        `Bearer ${token}`,
        `Bearer ${await keyOf("enrolment")}`,
        `Bearer ${await keyOf("siteSecret")}`,
        `Bearer ${await keyOf("operator", NOW, OTHER_RING_TEXT)}`,
      ]) {
        const init = initWith(method, { authorization });
        const response = await front.call(concrete(path, clientId), init);
        expect(response.status).toBe(401);
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
      }
      expect(front.clients.stubs).toBe(0);
      expect(front.limited.some((line) => line.startsWith("KEY_LIMIT"))).toBe(false);
    });

    it("wakes nothing for an address or a key over its limit", async () => {
      const { clientId } = await enrolledClient();
      const authorization = `Bearer ${await operatorKey()}`;
      for (const limiter of ["ADDRESS_LIMIT", "KEY_LIMIT"]) {
        const front = startFront({ exhausted: [limiter] });
        const init = initWith(method, { authorization });
        const response = await front.call(concrete(path, clientId), init);
        expect(response.status).toBe(429);
        expect(response.headers.get("retry-after")).toBe("60");
        expect(front.clients.stubs).toBe(0);
      }
    });
  },
);

describe("a client's id in a path", () => {
  it("of another account, or forged, is not found and wakes nothing", async () => {
    const { clientId } = await enrolledClient();
    const foreign = await enrolledClient(OTHER_ACCOUNT);
    const front = startFront();
    const last = clientId.endsWith("0") ? "1" : "0";
    for (const id of [foreign.clientId, clientId.slice(0, -1) + last, "cl_x", "%00", "..%2f"]) {
      const response = await front.call(`/v1/clients/${id}`, await asOperator("GET"));
      expect(response.status).toBe(404);
    }
    expect(front.clients.stubs).toBe(0);
  });
});

describe("the address limit", () => {
  it("believes the platform's header alone, and counts IPv6 by network", async () => {
    const front = startFront();
    for (const headers of [
      { "cf-connecting-ip": "203.0.113.7", "x-forwarded-for": "1.1.1.1" },
      { "cf-connecting-ip": "2001:db8::1" },
      { "x-forwarded-for": "1.1.1.1", "x-real-ip": "2.2.2.2" },
    ]) {
      await front.call("/healthz", { headers });
    }
    expect(front.limited).toEqual([
      "ADDRESS_LIMIT 203.0.113.7",
      "ADDRESS_LIMIT 2001:db8:0:0::/64",
      `ADDRESS_LIMIT ${CALLER_ADDRESS}`,
    ]);
  });

  it("is for requests from outside: a request without the header did not come from there", async () => {
    const front = startFront();
    await answer(new Request("https://sluice.test/healthz"), front.context);
    expect(front.limited).toEqual([]);
  });
});
