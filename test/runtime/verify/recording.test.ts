import { env } from "cloudflare:workers";
import type { AccountId, SolveRequest } from "@sluice/protocol";
import { beforeEach, describe, expect, test } from "vitest";
import type { RecorderNamespace } from "../../../durable-objects/recorder/rpc.ts";
import { keyRing } from "../../../workers/front/authenticate.ts";
import { openChallenge } from "../../../workers/verify/challenge.ts";
import { aMovement } from "../../builders/movements.ts";
import { BROWSER_HEADERS, KEY_PRESS, Visitor } from "../../builders/visitor.ts";
import { RealFront } from "../front/real-front.ts";
import { openRealSite, type RealSite } from "../front/real-site.ts";
import { exported, recorderOf, rowsOf, stored } from "../recorder/recorders.ts";

const ADDRESS = "198.51.100.77";
const ON = { label: "human", sharePercent: 100 };

/** A movement of another seed for each that is to be nobody's replay: the ledger remembers across sites. */
let seeds = 100;
const freshSeed = () => {
  seeds += 1;
  return seeds;
};

let front: RealFront;
beforeEach(() => {
  front = new RealFront();
});

/** A site that shows a slider and lets everyone in, with someone who visits it. */
async function visit(fields: object = {}, through = front) {
  const policy = { difficulty: "low", enrols: false };
  const site = await openRealSite(front, { mode: "slider", threshold: 0, policy, ...fields });
  const send = (path: string, init: RequestInit) => through.send(path, init);
  const visitor = new Visitor(send, site.sitekey, (ms) => {
    through.aheadMs += ms;
  });
  visitor.headers = { ...BROWSER_HEADERS, "cf-connecting-ip": ADDRESS };
  const slide = async (deed: Partial<SolveRequest> = {}, seed = freshSeed()) => {
    const challenge = await visitor.ask({ cdata: "order-4711", action: "sign-up" });
    const opened = openChallenge(keyRing(front.context), challenge.challenge);
    const track = { pointer: "mouse", points: aMovement(seed, 220) } as const;
    const answer = await visitor.solve(challenge, {
      answer: opened?.sliderX ?? null,
      track,
      ...deed,
    });
    await Promise.all(through.afterwards);
    return { answer, id: opened?.id ?? "" };
  };
  return { site, visitor, slide, recorder: recorderOf(site.account as AccountId, site.id) };
}

const change = (site: RealSite, fields: object) =>
  front.ask(site.adminKey, "PATCH", `/v1/sites/${site.sitekey}`, fields);

describe("a visit of a site", () => {
  test("that nobody asked to record leaves nothing behind", async () => {
    const { site, slide, recorder } = await visit();
    expect((await slide()).answer).toMatchObject({ verdict: "pass" });
    expect(await exported(recorder)).toEqual([]);
    expect(await stored(recorder)).toEqual({ tables: [], alarmAt: null });
    expect(site).not.toHaveProperty("recording");
  });

  test("that is recorded leaves its movement and how it was judged", async () => {
    const { site, slide, recorder } = await visit({ recording: ON });
    await slide();
    expect(await exported(recorder)).toMatchObject([
      {
        src: site.id,
        label: 1,
        family: "human-mouse",
        verdict: "pass",
        pts: aMovement(seeds, 220),
      },
    ]);
  });

  test("that is refused leaves its movement too", async () => {
    const { slide, recorder } = await visit({ recording: ON, threshold: 1 });
    expect((await slide()).answer).toMatchObject({ verdict: "retry" });
    expect(await exported(recorder)).toMatchObject([{ verdict: "retry" }]);
  });

  test("leaves nothing of who it was, where from, what for, or which pass was given", async () => {
    const { site, visitor, slide, recorder } = await visit({ recording: ON });
    const { answer, id } = await slide();
    if (answer.verdict !== "pass") throw new Error("no pass");
    await exported(recorder);
    const text = JSON.stringify(await rowsOf(recorder));
    const secrets = [
      ADDRESS,
      "198.51",
      "order-4711",
      "sign-up",
      "shop.example",
      "Mozilla",
      "en-GB",
    ];
    const ids = [answer.pass, id, site.sitekey, site.secret, site.adminKey];
    for (const trace of [...secrets, ...ids]) expect(text).not.toContain(trace);
    expect(visitor.headers["user-agent"]).toContain("Mozilla");
  });

  test.each([
    ["by keys", { track: KEY_PRESS }],
    ["to the wrong place", { answer: 0 }],
    ["without a movement", { track: null }],
  ] as const)("%s leaves nothing", async (_, deed) => {
    const { slide, recorder } = await visit({ recording: ON });
    await slide(deed);
    expect(await exported(recorder)).toEqual([]);
  });

  test("with a movement that was sent before leaves it once", async () => {
    const { slide, recorder } = await visit({ recording: ON });
    const seed = freshSeed();
    await slide({}, seed);
    await slide({}, seed);
    expect(await exported(recorder)).toHaveLength(1);
  });

  test("is recorded by the share that was asked for", async () => {
    const { slide, recorder } = await visit({ recording: { ...ON, sharePercent: 1 } });
    front.context.randomBytes = (length) => new Uint8Array(length).fill(3);
    await slide();
    front.context.randomBytes = (length) => new Uint8Array(length).fill(2);
    await slide();
    expect(await exported(recorder)).toMatchObject([{ pts: aMovement(seeds, 220) }]);
  });

  test.each([
    ["is gone", () => Promise.reject(new Error("gone"))],
    ["hangs", () => new Promise<never>(() => {})],
  ])("passes as ever while the recorder %s", async (_, record) => {
    const broken: RecorderNamespace = {
      getByName: (name) => ({ ...env.RECORDER.getByName(name), record }),
    };
    const { slide, recorder } = await visit({ recording: ON }, new RealFront({ RECORDER: broken }));
    expect((await slide()).answer).toMatchObject({ verdict: "pass" });
    expect(await exported(recorder)).toEqual([]);
  });

  test("is not recorded once that was turned off, also by an isolate that has not heard of it", async () => {
    const { site, slide, recorder } = await visit({ recording: ON });
    await slide();
    await change(site, { recording: null });
    while ((await exported(recorder)).length > 0) await scheduler.wait(10);
    await slide();
    expect(await stored(recorder)).toEqual({ tables: [], alarmAt: null });
  });
});
