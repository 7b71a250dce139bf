import type { ChallengeAnswer, SolveAnswer } from "@sluice/protocol";
import { solveProofOfWork } from "@sluice/protocol";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Running, runSluice } from "../running.ts";

const ORIGIN = "https://shop.example";

let running: Running;
let sitekey: string;
beforeAll(async () => {
  running = await runSluice();
  const site = { name: "shop", hostnames: ["shop.example"], mode: "invisible", threshold: 0.5 };
  const response = await fetch(`${running.service.url}/v1/sites`, {
    method: "POST",
    headers: { authorization: `Bearer ${running.operatorKey}`, "content-type": "application/json" },
    body: JSON.stringify(site),
  });
  sitekey = (await response.json()).sitekey;
});
afterAll(async () => {
  await running.service.stop();
  expect(running.troubles).toEqual([]);
});

/** Sends JSON as text, as a page does that wants no preflight. */
function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(running.service.url + path, {
    method: "POST",
    headers: { origin: ORIGIN, "content-type": "text/plain", ...headers },
    body: JSON.stringify(body),
  });
}

describe("a visitor of a site", () => {
  test("is given a challenge, works, and receives a pass, all readable by the page", async () => {
    const asked = await post("/v1/verify/challenge", { sitekey });
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
    const challenge: ChallengeAnswer = await asked.json();
    const { seed, puzzles, bits } = challenge.pow;
    await new Promise((resolve) => setTimeout(resolve, challenge.minimumMs));
    const pow = solveProofOfWork(Buffer.from(seed, "base64url"), puzzles, bits);
    const solution = { challenge: challenge.challenge, pow, answer: null, track: null };
    const solved = await post("/v1/verify/solve", solution);
    const answer: SolveAnswer = await solved.json();
    expect(answer).toMatchObject({ verdict: "pass", pass: expect.stringMatching(/^sp_/) });
    const again: SolveAnswer = await (await post("/v1/verify/solve", solution)).json();
    expect(again).toEqual({ verdict: "refuse", reason: "used" });
  });
});
