import type { SolveAnswer } from "@sluice/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { APPROACH, askedAgain, BROWSER_HEADERS, type Visitor } from "../../builders/visitor.ts";
import { type Running, runSluice } from "../running.ts";
import { openSite } from "./site.ts";

let running: Running;
beforeAll(async () => {
  running = await runSluice();
});
afterAll(async () => {
  await running.service.stop();
  expect(running.troubles).toEqual([]);
});

/** A visitor of a new site. */
async function visitorOf(fields: object): Promise<Visitor> {
  return (await openSite(running, fields)).visitor;
}

describe("a visitor", () => {
  test("of an invisible site works and receives a pass, once", async () => {
    const visitor = await visitorOf({ mode: "invisible" });
    const solution = await visitor.work(await visitor.ask({ action: "login", cdata: "abc" }));
    const passed = await visitor.send(solution);
    expect(passed).toEqual({
      verdict: "pass",
      pass: expect.stringMatching(/^sp_[\w-]+$/),
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      solvedAt: expect.closeTo(Date.now() / 1_000, -1),
      expiresInMs: 300_000,
    });
    expect(await visitor.send(solution)).toEqual({ verdict: "refuse", reason: "used" });
  });

  test("of a managed site ticks a box, and moves a piece when in doubt", async () => {
    const visitor = await visitorOf({ mode: "managed" });
    const box = await visitor.ask();
    expect(box).toMatchObject({ interaction: "checkbox", slider: null });
    expect(await visitor.solve(box, { track: APPROACH })).toMatchObject({ verdict: "pass" });
    const doubted = await visitor.solve(await visitor.ask(), { track: APPROACH, automated: true });
    const { interaction, slider } = askedAgain(doubted);
    expect(interaction).toBe("slider");
    expect(
      Buffer.from(slider?.background ?? "", "base64")
        .subarray(1, 4)
        .toString(),
    ).toBe("PNG");
  });
});

/** What a browser asks before it sends JSON to another origin. */
function askLeave(url: string): Promise<Response> {
  return fetch(url, {
    method: "OPTIONS",
    headers: {
      origin: "https://shop.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  });
}

describe("a page of any origin", () => {
  test("may send JSON after a preflight, and reads answers and refusals alike", async () => {
    const visitor = await visitorOf({ mode: "invisible" });
    const url = `${running.service.url}/v1/verify/challenge`;
    const preflight = await askLeave(url);
    expect(preflight.status).toBe(204);
    expect(Object.fromEntries(preflight.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
    });
    visitor.headers = { ...BROWSER_HEADERS, "content-type": "application/json" };
    await visitor.ask();
    const elsewhere = { ...BROWSER_HEADERS, origin: "https://evil.example" };
    visitor.headers = elsewhere;
    const refused = await visitor.post("/v1/verify/solve", { challenge: "sc_x", pow: [] });
    expect(await refused.json()).toEqual({ verdict: "refuse", reason: "invalid" });
    const forbidden = await visitor.post("/v1/verify/challenge", {});
    for (const { headers } of [refused, forbidden]) {
      expect(headers.get("access-control-allow-origin")).toBe("*");
      expect(headers.get("access-control-allow-credentials")).toBeNull();
      expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
      expect(headers.get("cache-control")).toBe("no-store");
    }
  });

  test("may exchange a pass for a client, as JSON after a preflight", async () => {
    const policy = { difficulty: "low", enrols: true };
    const visitor = await visitorOf({ mode: "invisible", policy });
    const passed = await visitor.solve(await visitor.ask());
    if (passed.verdict !== "pass") throw new Error(passed.verdict);
    const preflight = await askLeave(`${running.service.url}/v1/enrol`);
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*");
    expect(preflight.headers.get("access-control-allow-headers")).toBe("content-type");
    visitor.headers = { ...BROWSER_HEADERS, "content-type": "application/json" };
    const enrolled = await visitor.post("/v1/enrol", { pass: passed.pass });
    const again = await visitor.post("/v1/enrol", { pass: passed.pass });
    expect([enrolled.status, again.status]).toEqual([201, 409]);
    for (const { headers } of [enrolled, again]) {
      expect(headers.get("access-control-allow-origin")).toBe("*");
    }
  });

  test("gets nothing with another site's key", async () => {
    const visitor = await visitorOf({ mode: "invisible" });
    visitor.headers = { ...BROWSER_HEADERS, origin: "https://evil.example" };
    await expect(visitor.ask()).rejects.toThrow(/403.*wrong_hostname/);
  });

  test("that sends one solution a hundred times at once receives one pass", async () => {
    const visitor = await visitorOf({ mode: "invisible" });
    const solution = await visitor.work(await visitor.ask());
    const answers = await Promise.all(Array.from({ length: 100 }, () => visitor.send(solution)));
    const verdicts = answers.map((answer: SolveAnswer) =>
      answer.verdict === "refuse" ? answer.reason : answer.verdict,
    );
    expect(verdicts.filter((verdict) => verdict === "pass")).toHaveLength(1);
    expect(verdicts.filter((verdict) => verdict === "used")).toHaveLength(99);
  });
});
