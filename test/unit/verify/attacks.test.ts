import type { SolveRequest } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { cryptoRandomBytes } from "../../../workers/keys/index.ts";
import { openChallenge, sealChallenge } from "../../../workers/verify/challenge.ts";
import { APPROACH, BROWSER_HEADERS, Visitor, workedOut } from "../../builders/visitor.ts";
import {
  keyOf,
  NOW,
  OTHER_RING_TEXT,
  RING_TEXT,
  ringOf,
  startFront,
  verdictOf,
} from "../workers/front-fixture.ts";
import { openSite } from "./site-fixture.ts";
import { type Visit, visit } from "./visiting-front.ts";

const refused = (reason: string) => ({ verdict: "refuse", reason });

/** A solution that would pass, and the visit that it belongs to. */
async function solved(fields: Parameters<typeof visit>[0] = {}) {
  const visited = await visit(fields);
  const challenge = await visited.visitor.ask();
  return { ...visited, challenge, solution: await visited.visitor.work(challenge) };
}

/** No attempt was made: the challenge is as good as before. */
async function stillPasses({ visitor }: Visit, solution: SolveRequest): Promise<void> {
  expect(await visitor.send(solution)).toMatchObject({ verdict: "pass" });
}

describe("a challenge", () => {
  it("that another deployment sealed is refused, however genuine it looks", async () => {
    const { visitor, front, challenge, solution } = await solved();
    const opened = openChallenge(ringOf(RING_TEXT), challenge.challenge);
    if (opened === null) throw new Error("not ours");
    const forged = sealChallenge(ringOf(OTHER_RING_TEXT), opened, cryptoRandomBytes);
    expect(await visitor.send({ ...solution, challenge: forged })).toEqual(refused("invalid"));
    expect(front.ledger.stubs).toBe(0);
  });

  it("is refused with any one of its characters changed", async () => {
    const all = await solved();
    const text = all.solution.challenge;
    for (let at = 3; at < text.length; at += 7) {
      const other = text[at] === "A" ? "B" : "A";
      const tampered = text.slice(0, at) + other + text.slice(at + 1);
      const answer = await all.visitor.send({ ...all.solution, challenge: tampered });
      expect(answer, `character ${at}`).toEqual(refused("invalid"));
    }
    await stillPasses(all, all.solution);
  });

  it("is refused when it is spliced from two, at any place", async () => {
    const { visitor, solution } = await solved();
    const other = await visitor.ask();
    for (const at of [8, 20, 60, Math.floor(other.challenge.length / 2), -24]) {
      const challenge = solution.challenge.slice(0, at) + other.challenge.slice(at);
      expect(await visitor.send({ ...solution, challenge })).toEqual(refused("invalid"));
    }
  });

  it("is refused with the work of another", async () => {
    const { visitor, solution } = await solved();
    const other = workedOut(await visitor.ask());
    expect(await visitor.send({ ...solution, pow: other.pow })).toEqual(refused("work"));
  });

  it("that has expired is refused, whatever was done for it", async () => {
    const { visitor, pass, challenge, solution } = await solved();
    pass(challenge.expiresInMs);
    expect(await visitor.send(solution)).toEqual(refused("expired"));
  });

  it("is used by one attempt, whatever comes of that", async () => {
    const { visitor, solution } = await solved({ mode: "managed" });
    const without = { ...solution, track: null };
    expect(await visitor.send(without)).toEqual(refused("track"));
    expect(await visitor.send({ ...solution, track: APPROACH })).toEqual(refused("used"));
  });

  it("that comes a hundred times at once passes once", async () => {
    const { visitor, solution } = await solved();
    const answers = await Promise.all(Array.from({ length: 100 }, () => visitor.send(solution)));
    expect(answers.filter(({ verdict }) => verdict === "pass")).toHaveLength(1);
    expect(answers).toContainEqual(refused("used"));
  });
});

describe("a difficulty that the visitor chooses", () => {
  it.each<[string, (pow: readonly number[]) => unknown]>([
    ["no puzzles", () => []],
    ["fewer puzzles", (pow) => pow.slice(0, 8)],
    ["nonces that were not looked for", (pow) => pow.map((_, index) => index)],
  ])("is not that of the seal: %s", async (_, choose) => {
    const all = await solved();
    const answer = await all.visitor.send({ ...all.solution, pow: choose(all.solution.pow) });
    expect(answer).toEqual(refused("work"));
    expect(all.front.ledger.stubs).toBe(0);
    await stillPasses(all, all.solution);
  });

  it("is not read from what is sent along", async () => {
    const { visitor, solution } = await solved();
    const eased = { ...solution, pow: [0], puzzles: 1, bits: 0, seed: "AAAA", level: 9 };
    expect(await visitor.send(eased)).toEqual(refused("work"));
  });
});

describe("missing evidence", () => {
  it.each([
    ["no track", null],
    ["an empty track", { pointer: "mouse", points: [] }],
    ["an empty track of keys", { pointer: "keyboard", points: [] }],
  ])("is never a person's: a box with %s", async (_, track) => {
    const { visitor } = await visit({ mode: "managed", threshold: 0 });
    const solution = await visitor.work(await visitor.ask());
    expect(await visitor.send({ ...solution, track })).toEqual(refused("track"));
  });

  it("is never a person's: a slider without an answer, or without a track", async () => {
    const { visitor } = await visit({ mode: "slider", threshold: 0 });
    const solve = async (deed: (x: number) => object) => {
      const challenge = await visitor.ask();
      const opened = openChallenge(ringOf(RING_TEXT), challenge.challenge);
      return visitor.solve(challenge, deed(opened?.sliderX ?? Number.NaN));
    };
    expect(await solve(() => ({ track: APPROACH }))).toEqual(refused("answer"));
    expect(await solve((answer) => ({ answer }))).toEqual(refused("track"));
    expect(await solve((answer) => ({ answer, track: APPROACH }))).toMatchObject({
      verdict: "pass",
    });
  });

  it.each([
    [
      "times that go back",
      [
        [0, 0, 5],
        [1, 1, 4],
      ],
    ],
    ["a number that is none", [[0, 0, null]]],
    ["more points than are looked at", Array(1_025).fill([0, 0, 0])],
  ])("is not made up for by %s", async (_, points) => {
    const { visitor, solution } = await solved({ mode: "managed" });
    const sent = { ...solution, track: { pointer: "mouse", points } };
    expect(await verdictOf(await visitor.post("/v1/verify/solve", sent))).toBe("400 bad_request");
  });
});

describe("a page", () => {
  it.each([
    ["of another host", { ...BROWSER_HEADERS, origin: "https://evil.example" }],
    ["of another listed host", { ...BROWSER_HEADERS, origin: "https://www.shop.example" }],
    ["of none", { "content-type": "text/plain" }],
  ])("%s cannot send what another one was given", async (_, headers) => {
    const all = await solved({ hostnames: ["shop.example", "www.shop.example"] });
    all.visitor.headers = headers;
    expect(await all.visitor.send(all.solution)).toEqual(refused("hostname"));
    all.visitor.headers = BROWSER_HEADERS;
    await stillPasses(all, all.solution);
  });

  it.each([
    ["another deployment's sitekey", () => keyOf("site", NOW, OTHER_RING_TEXT)],
    ["a site's secret in place of its sitekey", async () => (await openSite()).secret],
    ["an operator's key", () => keyOf("operator")],
    ["no key of ours", async () => "site_AAAA"],
  ])("with %s gets no challenge, and nothing is looked up", async (_, key) => {
    const front = startFront();
    const visitor = new Visitor(front.call, await key(), () => {});
    await expect(visitor.ask()).rejects.toThrow(/401.*invalid_key/);
    expect(front.limited.filter((limit) => !limit.startsWith("ADDRESS"))).toEqual([]);
  });

  it("with a sitekey of a closed site gets no challenge", async () => {
    const front = startFront();
    const visitor = new Visitor(front.call, await keyOf("site"), () => {});
    await expect(visitor.ask()).rejects.toThrow(/401.*invalid_key/);
  });
});

describe("a solution that comes too early", () => {
  it("is refused by the service's own clock, and may come again in time", async () => {
    const { visitor, pass, ...rest } = await visit({ mode: "managed" });
    const challenge = await visitor.ask();
    const solution = { ...workedOut(challenge), answer: null, track: APPROACH, atMs: NOW + 9_999 };
    expect(await visitor.send(solution)).toEqual(refused("too_early"));
    pass(challenge.minimumMs - 1);
    expect(await visitor.send(solution)).toEqual(refused("too_early"));
    pass(1);
    await stillPasses({ visitor, pass, ...rest }, { ...solution, automated: false });
  });
});

describe("a site's visitors", () => {
  it("do not pay for solutions that cost their sender no work", async () => {
    const { visitor, solution } = await solved();
    for (let n = 0; n < 300; n += 1) await visitor.send({ ...solution, pow: [] });
    visitor.headers = { ...BROWSER_HEADERS, "cf-connecting-ip": "198.51.100.7" };
    expect((await visitor.ask()).pow).toMatchObject({ puzzles: 16, bits: 11 });
  });
});
