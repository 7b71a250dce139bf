import type { SolveAnswer, SolveRequest } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { ledgerRing } from "../../../workers/ledger/index.ts";
import { openChallenge } from "../../../workers/verify/challenge.ts";
import { openPass } from "../../../workers/verify/pass.ts";
import { APPROACH, askedAgain, BROWSER_HEADERS } from "../../builders/visitor.ts";
import { postJson, RING_TEXT, ringOf, verdictOf } from "../workers/front-fixture.ts";
import { besides, type Visit, visit } from "./visiting-front.ts";

/** Shards that say nothing are not waited for long. */
const TIMEOUT_MS = 50;
const USED = { verdict: "refuse", reason: "used" };

/** A solution that the ledger wrote down, and of which nobody heard what came. */
async function solvedInOutage(fields: Parameters<typeof visit>[0] = { mode: "managed" }) {
  const visited = await visit(fields);
  const { visitor, front } = visited;
  const worked = await visitor.work(await visitor.ask());
  const solution: SolveRequest = { ...worked, track: APPROACH };
  Object.assign(front.context, { ledger: ledgerRing(front.ledger, { timeoutMs: TIMEOUT_MS }) });
  front.ledger.setMood("mute");
  const response = await visitor.post("/v1/verify/solve", solution);
  expect(await verdictOf(response)).toBe("503 unavailable");
  front.ledger.setMood("well");
  return { ...visited, solution };
}

async function idOfPass(answer: { verdict: string; pass?: string }): Promise<string> {
  const opened = openPass(await ringOf(RING_TEXT), answer.pass ?? "");
  if (!opened.ok) throw new Error(JSON.stringify(answer));
  return opened.value.id;
}

const idOfChallenge = async (challenge: string) =>
  openChallenge(await ringOf(RING_TEXT), challenge)?.id;

describe("a solution of which nobody could say what came", () => {
  it("is judged when it comes again, and then no more", async () => {
    const { visitor, solution } = await solvedInOutage();
    expect(await visitor.send(solution)).toMatchObject({ verdict: "pass" });
    expect(await visitor.send(solution)).toEqual(USED);
  });

  it("is judged in another isolate as well", async () => {
    const visited = await solvedInOutage();
    expect(await besides(visited).send(visited.solution)).toMatchObject({ verdict: "pass" });
  });

  it.each<[string, Partial<SolveRequest>]>([
    ["movement", { track: { ...APPROACH, points: APPROACH.points.slice(1) } }],
    ["answer", { answer: 7 }],
    ["word on who drives the browser", { automated: true }],
  ])("stays the only one: with another %s it is another attempt", async (_, change) => {
    const { visitor, solution } = await solvedInOutage();
    expect(await visitor.send({ ...solution, ...change })).toEqual(USED);
    expect(await visitor.send(solution)).toMatchObject({ verdict: "pass" });
  });

  it.each([
    ["network", { "cf-connecting-ip": "198.51.100.7" }],
    ["program", { "user-agent": "Mozilla/5.0 (another)" }],
    ["language", { "accept-language": "zh-CN" }],
  ])("is another attempt from another %s", async (_, headers) => {
    const { visitor, solution } = await solvedInOutage();
    visitor.headers = { ...BROWSER_HEADERS, ...headers };
    expect(await visitor.send(solution)).toEqual(USED);
    visitor.headers = BROWSER_HEADERS;
    expect(await visitor.send(solution)).toMatchObject({ verdict: "pass" });
  });
});

describe("a solution that several isolates judge", () => {
  /** Sends a solution to three isolates at once. */
  async function sendToAll(visited: Visit, solution: SolveRequest): Promise<SolveAnswer[]> {
    const isolates = [visited.visitor, besides(visited), besides(visited)];
    for (const isolate of isolates) isolate.headers = visited.visitor.headers;
    return Promise.all(isolates.map((isolate) => isolate.send(solution)));
  }

  it("has passes of one id, of which one is redeemed", async () => {
    const visited = await visit();
    const { visitor, site, front } = visited;
    const answers = await sendToAll(visited, await visitor.work(await visitor.ask()));
    expect(new Set(await Promise.all(answers.map(idOfPass))).size).toBe(1);
    const redeemed: boolean[] = [];
    for (const answer of answers) {
      const body = { secret: site.secret, response: "pass" in answer ? answer.pass : "" };
      const { success } = await (await postJson(front, "/siteverify", body)).json();
      redeemed.push(success);
    }
    expect(redeemed).toEqual([true, false, false]);
  });

  it("leads to harder challenges of one id, of which one is passed", async () => {
    const visited = await visit();
    const { visitor } = visited;
    visitor.headers = { ...BROWSER_HEADERS, "user-agent": "python-requests/2.32" };
    const solution = await visitor.work(await visitor.ask());
    const harder = (await sendToAll(visited, solution)).map(askedAgain);
    const ids = await Promise.all(harder.map(({ challenge }) => idOfChallenge(challenge)));
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).not.toBe(await idOfChallenge(solution.challenge));
    const verdicts: string[] = [];
    for (const challenge of harder) verdicts.push((await visitor.solve(challenge)).verdict);
    expect(verdicts).toEqual(["pass", "refuse", "refuse"]);
  });
});
