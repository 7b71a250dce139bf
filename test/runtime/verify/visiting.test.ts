import { env } from "cloudflare:workers";
import type { SolveAnswer, Track } from "@sluice/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import type { LedgerNamespace } from "../../../durable-objects/ledger/rpc.ts";
import { STALENESS } from "../../../workers/cache/index.ts";
import { keyRing } from "../../../workers/front/authenticate.ts";
import { openChallenge } from "../../../workers/verify/challenge.ts";
import { openPass } from "../../../workers/verify/pass.ts";
import { aMovement, numbersOf, REUSES } from "../../builders/movements.ts";
import { ADMIN_SECRET } from "../../builders/secrets.ts";
import { APPROACH, askedAgain, KEY_PRESS, Visitor } from "../../builders/visitor.ts";
import { RealFront } from "../front/real-front.ts";
import { openRealSite, type RealSite } from "../front/real-site.ts";

const POLICY = { difficulty: "low", enrols: false };

let front: RealFront;
beforeEach(() => {
  front = new RealFront();
});

/** A site with its records in KV, and someone who visits it; waiting moves the front's clock. */
async function visit(fields: object = {}, through = front) {
  const site = await openRealSite(through, { policy: POLICY, mode: "invisible", ...fields });
  return { site, visitor: visitorOf(site, through) };
}

function visitorOf(site: RealSite, through: RealFront): Visitor {
  return new Visitor(
    (path, init) => through.send(path, init),
    site.sitekey,
    (ms) => {
      through.aheadMs += ms;
    },
  );
}

/** What siteverify says of a pass. */
async function redeem({ secret }: RealSite, pass: string): Promise<Record<string, unknown>> {
  const response = await front.call(null, "POST", "/siteverify", { secret, response: pass });
  return response.json();
}

describe("a visitor of a real site", () => {
  test("works, passes, and the site's server learns it once", async () => {
    const { site, visitor } = await visit();
    const challenge = await visitor.ask({ action: "login", cdata: "order-7" });
    const answer = await visitor.solve(challenge);
    if (answer.verdict !== "pass") throw new Error(JSON.stringify(answer));
    const said = { success: true, hostname: "shop.example", action: "login", cdata: "order-7" };
    expect(await redeem(site, answer.pass)).toMatchObject(said);
    expect(await redeem(site, answer.pass)).toMatchObject({
      success: false,
      "error-codes": ["timeout-or-duplicate"],
    });
  });

  /** Visitors of other isolates, at the same time as the first. */
  const elsewhere = (site: RealSite, length: number) =>
    Array.from({ length }, () => {
      const other = new RealFront();
      other.aheadMs = front.aheadMs;
      return visitorOf(site, other);
    });

  test("who sends many solutions of a challenge to different isolates has one judged", async () => {
    const { site, visitor } = await visit();
    const solution = await visitor.work(await visitor.ask());
    const sent = elsewhere(site, 10).map((other, answer) => other.send({ ...solution, answer }));
    const answers = await Promise.all(sent);
    expect(answers.filter(({ verdict }) => verdict === "pass")).toHaveLength(1);
    expect(answers.filter(({ verdict }) => verdict === "refuse")).toHaveLength(9);
  });

  test("who sends one solution to different isolates has passes that are redeemed once", async () => {
    const { site, visitor } = await visit();
    const solution = await visitor.work(await visitor.ask());
    const sent = elsewhere(site, 10).map((other) => other.send(solution));
    const passes = (await Promise.all(sent)).map((answer) => ("pass" in answer ? answer.pass : ""));
    const verdicts = await Promise.all(passes.map((pass) => redeem(site, pass)));
    expect(verdicts.filter(({ success }) => success)).toHaveLength(1);
  });

  test("is asked for a slider when in doubt", async () => {
    const { visitor } = await visit({ mode: "managed" });
    const deed = { track: APPROACH, automated: true };
    const harder = askedAgain(await visitor.solve(await visitor.ask(), deed));
    expect(harder).toMatchObject({ interaction: "slider", slider: { mediaType: "image/png" } });
  });

  test("is let in by nobody while no shard of the ledger answers", async () => {
    const { site, visitor } = await visit();
    const solution = await visitor.work(await visitor.ask());
    const gone: LedgerNamespace = {
      getByName: () => {
        throw new Error("unreachable");
      },
    };
    const cut = new RealFront({ LEDGER: gone });
    cut.aheadMs = front.aheadMs;
    const response = await visitorOf(site, cut).post("/v1/verify/solve", solution);
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await visitor.send(solution)).toMatchObject({ verdict: "pass" });
  });
});

describe("a recorded movement", () => {
  const trackOf = (seed: number): Track => ({ pointer: "mouse", points: aMovement(seed, 220) });
  /** Moves the piece of a new challenge to its place, by this movement. */
  const slide = async (visitor: Visitor, track: Track) => {
    const challenge = await visitor.ask();
    const opened = openChallenge(keyRing(front.context), challenge.challenge);
    return visitor.solve(challenge, { answer: opened?.sliderX ?? null, track });
  };
  const passOf = async (answer: SolveAnswer) =>
    openPass(keyRing(front.context), "pass" in answer ? answer.pass : "");

  test("used again, as it was or in disguise, is asked for another", async () => {
    const { visitor } = await visit({ mode: "slider", threshold: 0.2 });
    expect(await slide(visitor, trackOf(1))).toMatchObject({ verdict: "pass" });
    for (const reuse of Object.values(REUSES)) {
      const track: Track = { pointer: "mouse", points: reuse(trackOf(1).points, numbersOf(7)) };
      expect(askedAgain(await slide(visitor, track)).interaction).toBe("slider");
    }
    expect(await slide(visitor, trackOf(2))).toMatchObject({ verdict: "pass" });
  });

  test("is known on another site too, by name in the pass of one that lets everyone in", async () => {
    const { visitor } = await visit({ mode: "slider", threshold: 0 });
    const first = await passOf(await slide(visitor, trackOf(3)));
    const other = await visit({ mode: "slider", threshold: 0 });
    const second = await passOf(await slide(other.visitor, trackOf(3)));
    if (!first.ok || !second.ok) throw new Error("no pass");
    expect(first.value.reasons).not.toContain("replayed");
    expect(second.value.reasons[0]).toBe("replayed");
    expect(second.value.score).toBeCloseTo(first.value.score / 10, 2);
  });

  test("of keys is nobody's own: the same key passes again and again", async () => {
    const { visitor } = await visit({ mode: "managed" });
    for (let time = 0; time < 3; time += 1) {
      const more = askedAgain(await visitor.solve(await visitor.ask(), { track: KEY_PRESS }));
      expect(await visitor.solve(more, { track: KEY_PRESS })).toMatchObject({ verdict: "pass" });
    }
  });
});

describe("a change of a site", () => {
  test("to another mode is followed by the next challenge that is fresh", async () => {
    const { site, visitor } = await visit();
    expect((await visitor.ask()).interaction).toBe("none");
    const change = { mode: "managed" };
    await front.ask(site.adminKey, "PATCH", `/v1/sites/${site.sitekey}`, change);
    const key = `${site.account}/site/${site.id}`;
    while (!(await env.CACHE.get(key))?.includes("managed")) await scheduler.wait(10);
    front.aheadMs += STALENESS.freshnessMs;
    expect((await visitor.ask()).interaction).toBe("checkbox");
  });

  test("to none at all ends its visits, those under way too", async () => {
    const { site, visitor } = await visit();
    const solution = await visitor.work(await visitor.ask());
    await front.ask(site.adminKey, "DELETE", `/v1/sites/${site.sitekey}`);
    const later = new RealFront();
    later.aheadMs = front.aheadMs;
    const late = visitorOf(site, later);
    await expect(late.ask()).rejects.toThrow(/401.*invalid_key/);
    await expect(late.send(solution)).rejects.toThrow(/401.*invalid_key/);
  });

  test("of its account's standing ends them as well", async () => {
    const { site } = await visit();
    const path = `/v1/accounts/${site.account}`;
    await front.ask(ADMIN_SECRET, "PATCH", path, { suspended: true });
    const late = visitorOf(site, new RealFront());
    await expect(late.ask()).rejects.toThrow(/403.*account_suspended/);
  });

  test("of its account's limits holds for its visitors", async () => {
    const { site } = await visit();
    const limits = { requestsPerMinute: 2 };
    await front.ask(ADMIN_SECRET, "PATCH", `/v1/accounts/${site.account}`, { limits });
    const visitor = visitorOf(site, new RealFront());
    await visitor.ask();
    await visitor.ask();
    await expect(visitor.ask()).rejects.toThrow("rate_limited");
  });
});
