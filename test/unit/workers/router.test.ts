import { describe, expect, it } from "vitest";
import { ROUTES } from "../../../workers/routes/table.ts";
import { asOperator, type Front, startFront } from "./front-fixture.ts";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
const PATHS = [...new Set(ROUTES.map(({ path }) => path))];
const concrete = (path: string) => path.replace(/:\w+/g, "x");

async function problemOf(response: Response): Promise<{ status: number; code: unknown }> {
  const body = await response.json();
  return { status: response.status, code: Reflect.get(body as object, "code") };
}

describe("the route table", () => {
  it.each(ROUTES.map(({ method, path }) => [method, path] as const))(
    "has an answer of its own for %s %s",
    async (method, path) => {
      const { status } = await startFront().call(concrete(path), { method });
      expect([404, 405]).not.toContain(status);
    },
  );

  it.each(PATHS)("answers 405 with Allow for other methods at %s", async (path) => {
    const taken = ROUTES.filter((route) => route.path === path).map(({ method }) => method);
    const others = METHODS.filter((method) => !taken.some((one) => one === method));
    for (const method of others) {
      const response = await startFront().call(concrete(path), { method });
      expect(response.headers.get("allow")?.split(", ").toSorted()).toEqual(taken.toSorted());
      expect(await problemOf(response)).toEqual({ status: 405, code: "method_not_allowed" });
    }
  });

  const preflight = { origin: "https://evil.example", "access-control-request-method": "POST" };

  it.each(PATHS)("answers a preflight at %s", async (path) => {
    const taken = ROUTES.filter((route) => route.path === path).map(({ method }) => method);
    const sent = { method: "OPTIONS", headers: preflight };
    const response = await startFront().call(concrete(path), sent);
    expect(response.status).toBe(204);
    expect(response.headers.get("allow")?.split(", ").toSorted()).toEqual(taken.toSorted());
    expect(response.headers.get("vary")).toContain("origin");
  });

  it.each(PATHS)("lets other origins call %s only if it is for their pages", async (path) => {
    const isForPages = ROUTES.some((route) => route.path === path && route.fromPages);
    const front = startFront();
    for (const method of ["OPTIONS", ...METHODS]) {
      const { headers } = await front.call(concrete(path), { method, headers: preflight });
      expect(headers.get("access-control-allow-origin")).toBe(isForPages ? "*" : null);
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      const policy = isForPages ? "cross-origin" : "same-origin";
      expect(headers.get("cross-origin-resource-policy")).toBe(policy);
    }
  });

  it("lets a page send JSON by its content type, after a preflight", async () => {
    const sent = { method: "OPTIONS", headers: preflight };
    const { headers } = await startFront().call("/v1/verify/solve", sent);
    expect(headers.get("access-control-allow-methods")).toBe("POST");
    expect(headers.get("access-control-allow-headers")).toBe("content-type");
    expect(Number(headers.get("access-control-max-age"))).toBeGreaterThan(0);
  });

  it.each([
    "/",
    "/v1",
    "/v1/clients/",
    "/v1/clients/a/b/c/d/e",
    "/v2/clients/cl_x",
    "/v1/connect/x",
    "/healthz.json",
    "//healthz/x",
    "/v1/audit/..%2f..",
    "/constructor",
  ])("answers 404 at %s", async (path) => {
    const front = startFront();
    expect(await problemOf(await front.call(path))).toEqual({ status: 404, code: "not_found" });
    expect(front.limited).toEqual([]);
  });

  it("answers 414 to an address without end", async () => {
    const response = await startFront().call(`/healthz?${"x".repeat(5_000)}`);
    expect(await problemOf(response)).toEqual({ status: 414, code: "uri_too_long" });
  });

  it("is healthy without asking anything", async () => {
    const front = startFront({ keyRing: "broken" });
    const response = await front.call("/healthz");
    expect(await response.json()).toEqual({ status: "ok" });
    expect(front.clients.stubs).toBe(0);
  });
});

describe("what nobody foresaw", () => {
  const fail = (front: Front) =>
    asOperator("GET").then((init) => front.call("/v1/clients/x", init));

  it("is a 500 that says nothing of its cause, and a line in the log that does", async () => {
    const front = startFront({ keyRing: "1:SECRET" });
    const response = await fail(front);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toMatch(/SECRET|KEY_RING|Error/);
    expect(front.log).toHaveLength(1);
    expect(JSON.parse(front.log[0] ?? "")).toMatchObject({
      level: "error",
      event: "request.failed",
      error: "KeyRingError",
      method: "GET",
      route: "/v1/clients/:id",
      requestId: JSON.parse(text).requestId,
    });
  });

  it("puts neither the key nor the exception's message in the log", async () => {
    const front = startFront({ keyRing: "1:SECRET" });
    const init = await asOperator("GET");
    await front.call("/v1/clients/x", init);
    const key = new Headers(init.headers).get("authorization")?.slice("Bearer ".length) ?? "";
    expect(front.log.join()).not.toMatch("SECRET");
    expect(front.log.join()).not.toMatch("malformed");
    expect(front.log.join()).not.toContain(key);
  });
});
