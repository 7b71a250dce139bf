import type { ChallengeAnswer } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { openChallenge } from "../../../workers/verify/challenge.ts";
import { openPass, type Pass } from "../../../workers/verify/pass.ts";
import { APPROACH, askedAgain, BROWSER_HEADERS, KEY_PRESS } from "../../builders/visitor.ts";
import { CALLER_ADDRESS, NOW, RING_TEXT, ringOf, verdictOf } from "../workers/front-fixture.ts";
import { visit } from "./visiting-front.ts";

/** What a challenge's seal holds. */
async function sealed({ challenge }: ChallengeAnswer) {
  const opened = openChallenge(ringOf(RING_TEXT), challenge);
  if (opened === null) throw new Error("not sealed here");
  return opened;
}

async function passOf(answer: { verdict: string; pass?: string }): Promise<Pass> {
  const opened = openPass(ringOf(RING_TEXT), answer.pass ?? "");
  if (!opened.ok) throw new Error(JSON.stringify(answer));
  return opened.value;
}

describe("a challenge", () => {
  it("is issued without a word to any object", async () => {
    const { visitor, front } = await visit();
    await visitor.ask();
    expect(front.clients.stubs + front.registry.stubs + front.ledger.stubs).toBe(0);
  });

  it("holds in its seal what it is for, and says what the visitor needs", async () => {
    const { visitor, site } = await visit();
    const challenge = await visitor.ask({ action: "login", cdata: "order-7" });
    expect(challenge).toEqual({
      challenge: expect.stringMatching(/^sc_[\w-]{100,2000}$/),
      interaction: "none",
      pow: { seed: expect.stringMatching(/^[\w-]{22}$/), puzzles: 16, bits: 11 },
      slider: null,
      minimumMs: 200,
      expiresInMs: 180_000,
    });
    expect(await sealed(challenge)).toMatchObject({
      siteId: site.id,
      hostname: "shop.example",
      action: "login",
      cdata: "order-7",
      issuedAtMs: NOW,
      level: 0,
    });
  });

  it("is another one each time", async () => {
    const { visitor } = await visit();
    const [one, other] = await Promise.all([visitor.ask(), visitor.ask()]);
    expect((await sealed(one)).id).not.toBe((await sealed(other)).id);
    expect(one.pow.seed).not.toBe(other.pow.seed);
  });

  it("of a slider shows the picture and keeps the place", async () => {
    const { visitor } = await visit({ mode: "slider" });
    const challenge = await visitor.ask();
    const { sliderX } = await sealed(challenge);
    expect(challenge.interaction).toBe("slider");
    expect(challenge.slider).toMatchObject({ width: 320, mediaType: "image/png" });
    expect(sliderX).toBeGreaterThan(0);
    expect(JSON.stringify({ ...challenge, challenge: "" })).not.toContain("sliderX");
  });

  it("without a picture has several times the work in its place", async () => {
    const { visitor } = await visit({ mode: "slider" });
    const [usual, accessible] = [await visitor.ask(), await visitor.ask({ path: "accessible" })];
    const work = ({ pow }: ChallengeAnswer) => pow.puzzles * 2 ** pow.bits;
    expect(accessible).toMatchObject({ interaction: "checkbox", slider: null });
    expect(work(accessible)).toBe(4 * work(usual));
  });

  it("grows harder for a network that keeps asking, and for no other", async () => {
    const { visitor } = await visit();
    const askOften = async () => {
      for (let n = 0; n < 40; n += 1) await visitor.ask();
      return visitor.ask();
    };
    expect((await askOften()).pow.bits).toBe(12);
    visitor.headers = { ...BROWSER_HEADERS, "cf-connecting-ip": "198.51.100.7" };
    expect((await visitor.ask()).pow.bits).toBe(11);
  });
});

describe("who asks for a challenge", () => {
  it.each([
    ["a page of another host", { origin: "https://evil.example" }],
    ["a host that ends alike", { origin: "https://notshop.example" }],
    ["the local machine, which is not listed", { origin: "http://localhost:8080" }],
    ["nobody's page", { origin: "null" }],
  ])("is refused for %s", async (_, headers) => {
    const { visitor, site } = await visit();
    visitor.headers = { ...BROWSER_HEADERS, ...headers };
    const response = await visitor.post("/v1/verify/challenge", { sitekey: site.sitekey });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await verdictOf(response)).toBe("403 wrong_hostname");
  });

  it("is refused without an origin", async () => {
    const { visitor, site } = await visit();
    const { origin: _, ...headers } = BROWSER_HEADERS;
    visitor.headers = headers;
    const response = await visitor.post("/v1/verify/challenge", { sitekey: site.sitekey });
    expect(await verdictOf(response)).toBe("403 wrong_hostname");
  });

  it("may come from any host under one that is listed, and from the local machine where listed", async () => {
    const { visitor } = await visit({ hostnames: ["*.shop.example", "localhost"] });
    for (const origin of ["https://a.b.shop.example", "http://localhost:5173"]) {
      visitor.headers = { ...BROWSER_HEADERS, origin };
      expect((await visitor.ask()).interaction).toBe("none");
    }
  });

  it("counts against the address, the site and the account", async () => {
    const { visitor, front, site } = await visit();
    await visitor.ask();
    expect(front.limited).toEqual([`ADDRESS_LIMIT ${CALLER_ADDRESS}`, `SITE_LIMIT ${site.id}`]);
    for (const limit of ["ADDRESS_LIMIT", "SITE_LIMIT"]) {
      const { visitor: limited } = await visit({}, { exhausted: [limit] });
      await expect(limited.ask()).rejects.toThrow("rate_limited");
    }
  });

  it("is refused while the site is revoked", async () => {
    const { visitor } = await visit({ revokedAtMs: NOW });
    await expect(visitor.ask()).rejects.toThrow("revoked");
  });
});

describe("a visitor who did what was asked", () => {
  it("of an invisible site receives a pass that says all of it", async () => {
    const { visitor, site } = await visit();
    const challenge = await visitor.ask({ action: "login", cdata: "order-7" });
    const answer = await visitor.solve(challenge);
    expect(answer).toMatchObject({ verdict: "pass", id: (await sealed(challenge)).id });
    expect(await passOf(answer)).toMatchObject({
      id: (await sealed(challenge)).id,
      siteId: site.id,
      hostname: "shop.example",
      action: "login",
      cdata: "order-7",
      interaction: "none",
      score: 0.7,
      reasons: [],
      loadedAtMs: NOW,
      solvedAtMs: NOW + challenge.minimumMs,
    });
  });

  it("of a managed site passes by a box", async () => {
    const { visitor } = await visit({ mode: "managed" });
    const answer = await visitor.solve(await visitor.ask(), { track: APPROACH });
    expect(await passOf(answer)).toMatchObject({ interaction: "checkbox", score: 0.9 });
  });

  it("by the keyboard is asked for the work in place of a picture, and passes", async () => {
    const { visitor } = await visit({ mode: "managed" });
    const first = await visitor.solve(await visitor.ask(), { track: KEY_PRESS });
    const more = askedAgain(first);
    expect(more).toMatchObject({ interaction: "checkbox", slider: null, pow: { bits: 13 } });
    const answer = await visitor.solve(more, { track: KEY_PRESS });
    expect(await passOf(answer)).toMatchObject({ score: 0.7, reasons: [] });
  });

  it("keeps action, cdata and host through every challenge", async () => {
    const { visitor } = await visit({ mode: "managed" });
    const challenge = await visitor.ask({ action: "login", cdata: "order-7", path: "accessible" });
    const doubted = await visitor.solve(challenge, { track: KEY_PRESS, automated: true });
    const harder = await sealed(askedAgain(doubted));
    expect(harder).toMatchObject({
      hostname: "shop.example",
      action: "login",
      cdata: "order-7",
      accessible: true,
      level: 1,
      interaction: "checkbox",
    });
  });
});

describe("a visitor in doubt", () => {
  it("of a managed site gets a slider, another one, and then an end", async () => {
    const { visitor } = await visit({ mode: "managed" });
    const deed = { track: APPROACH, automated: true };
    const levels: unknown[] = [];
    let answer = await visitor.solve(await visitor.ask(), deed);
    while (answer.verdict === "retry") {
      const { interaction, sliderX } = await sealed(answer.challenge);
      levels.push(interaction);
      answer = await visitor.solve(answer.challenge, { ...deed, answer: sliderX });
    }
    expect(levels).toEqual(["slider", "slider"]);
    expect(answer).toEqual({ verdict: "refuse", reason: "score" });
  });

  it("of an invisible site has to work more each time", async () => {
    const { visitor } = await visit({ mode: "invisible" });
    visitor.headers = { ...BROWSER_HEADERS, "user-agent": "python-requests/2.32" };
    const first = await visitor.ask();
    const harder = askedAgain(await visitor.solve(first));
    expect(harder.pow.bits).toBe(first.pow.bits + 1);
    const passed = await passOf(await visitor.solve(harder));
    expect(passed).toMatchObject({ score: 0.51, reasons: ["program_agent"] });
  });

  it("has three tries at the place of a slider", async () => {
    const { visitor } = await visit({ mode: "slider" });
    let answer = await visitor.solve(await visitor.ask(), { answer: 0, track: APPROACH });
    const pictures = new Set<string>();
    while (answer.verdict === "retry") {
      pictures.add(answer.challenge.slider?.background ?? "");
      answer = await visitor.solve(answer.challenge, { answer: 0, track: APPROACH });
    }
    expect(pictures.size).toBe(2);
    expect(answer).toEqual({ verdict: "refuse", reason: "answer" });
  });

  it("is let in by a site that asks for nothing more than the work", async () => {
    const { visitor } = await visit({ threshold: 0 });
    const answer = await visitor.solve(await visitor.ask(), { automated: true });
    expect(await passOf(answer)).toMatchObject({ score: 0.21, reasons: ["automated"] });
  });
});

describe("while something fails", () => {
  it("of the ledger, nobody passes, and everybody is told when to come back", async () => {
    const { visitor, front } = await visit();
    const solution = await visitor.work(await visitor.ask());
    front.ledger.isDown = true;
    const response = await visitor.post("/v1/verify/solve", solution);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await verdictOf(response)).toBe("503 unavailable");
    front.ledger.isDown = false;
    expect(await visitor.send(solution)).toMatchObject({ verdict: "pass" });
  });

  it("of a site that was revoked meanwhile, nobody passes", async () => {
    const { visitor, site, front } = await visit();
    const solution = await visitor.work(await visitor.ask());
    const read = front.context.records.read.bind(front.context.records);
    const peek = () => undefined;
    const revoked = async (key: Parameters<typeof read>[0]) => {
      const answer = await read(key);
      const isSite = answer.ok && "hostnames" in answer.value && key.includes(site.id);
      return isSite ? { ok: true, value: { ...answer.value, revokedAtMs: NOW } } : answer;
    };
    Object.assign(front.context, { records: { peek, read: revoked } });
    const response = await visitor.post("/v1/verify/solve", solution);
    expect(await verdictOf(response)).toBe("403 revoked");
    expect(front.ledger.stubs).toBe(0);
  });
});
