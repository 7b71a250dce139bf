import { PROBLEMS, type ProblemCode } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { problem } from "../../../workers/front/problem.ts";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const withStatus = (status: number) => CODES.filter((code) => PROBLEMS[code] === status);

describe("a problem answer", () => {
  it.each(CODES)("of code %s is RFC 9457's document with its status", async (code) => {
    const response = problem({ code, detail: "words" }, "request-1");
    expect(response.status).toBe(PROBLEMS[code]);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      type: `urn:sluice:problem:${code}`,
      title: expect.stringMatching(/^[A-Z][a-z]+( [a-z]+)*$/),
      status: PROBLEMS[code],
      code,
      detail: "words",
      requestId: "request-1",
    });
  });

  it.each([...withStatus(429), ...withStatus(503)])("of code %s says when to come back", (code) => {
    const retryAfter = (seconds?: number) =>
      problem(
        { code, detail: "", ...(seconds !== undefined && { retryAfterSeconds: seconds }) },
        "r",
      ).headers.get("retry-after");
    expect(retryAfter()).toMatch(/^[1-9]\d*$/);
    expect(retryAfter(7)).toBe("7");
    expect(retryAfter(0)).toBe("1");
    expect(retryAfter(1.2)).toBe("2");
  });

  it.each(withStatus(401))("of code %s says how to authenticate", (code) => {
    expect(problem({ code, detail: "" }, "r").headers.get("www-authenticate")).toBe("Bearer");
  });

  it("names the protocol that an upgrade is needed to", () => {
    const { headers } = problem({ code: "upgrade_required", detail: "" }, "r");
    expect(headers.get("upgrade")).toBe("websocket");
  });
});
