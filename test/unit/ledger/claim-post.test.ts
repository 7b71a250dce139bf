import { beforeEach, describe, expect, test } from "vitest";
import type { Claim, Held, ShardName } from "../../../durable-objects/ledger/rpc.ts";
import { ClaimPost, MAX_CLAIMS, ROUND_GAP_MS } from "../../../workers/ledger/claim-post.ts";
import { shardName } from "../../../workers/ledger/ring.ts";
import { A, keyOf } from "./builders.ts";

interface Call {
  readonly shard: ShardName;
  readonly claims: readonly Claim[];
  answer(answers: readonly Held[] | "silent"): void;
}

let calls: Call[];
let heard: unknown[];
let kept: Promise<unknown>[];
let post: ClaimPost;
let now: number;
let sleepers: { readonly until: number; wake(): void }[];

beforeEach(() => {
  calls = [];
  heard = [];
  kept = [];
  now = 1_000_000;
  sleepers = [];
  post = new ClaimPost({
    now: () => now,
    sleep: (ms) => new Promise((wake) => sleepers.push({ until: now + ms, wake })),
    carry: (shard, claims) => new Promise((answer) => calls.push({ shard, claims, answer })),
    keepAlive: (work) => kept.push(work),
  });
});

const ONE = shardName(1);
const TWO = shardName(2);
const claim = (n: number, shard = ONE) =>
  post.post(shard, { key: keyOf(n), attempt: A }, (held) => heard.push(held));
const claims = (...numbers: number[]) => {
  for (const n of numbers) claim(n);
};
const heldAt = (claimedAt: number): Held => ({
  attempt: A,
  solo: false,
  claimedAt,
  remembersFrom: 0,
});
const sent = () => calls.map((call) => call.claims.map(({ key }) => key));
const settle = () => new Promise((resolve) => setImmediate(resolve));
const pass = async (ms: number) => {
  now += ms;
  for (const { until, wake } of sleepers) if (until <= now) wake();
  await settle();
};

describe("claims", () => {
  test("that nothing is before leave at once, all that were made together in one call", async () => {
    claims(1, 2);
    await settle();
    expect(sent()).toEqual([[keyOf(1), keyOf(2)]]);
  });

  test("that come soon after a call share the next one, answered or not", async () => {
    claims(1);
    await settle();
    claims(2);
    await pass(ROUND_GAP_MS - 1);
    claims(3);
    await settle();
    expect(calls).toHaveLength(1);
    await pass(1);
    expect(sent()).toEqual([[keyOf(1)], [keyOf(2), keyOf(3)]]);
  });

  test("leave at once again when there was nothing to send for a while", async () => {
    claims(1);
    await settle();
    await pass(ROUND_GAP_MS);
    claims(2);
    await settle();
    expect(sent()).toEqual([[keyOf(1)], [keyOf(2)]]);
  });

  test("are not held up by a clock that was set back", async () => {
    claims(1);
    await settle();
    now -= 3_600_000;
    claims(2);
    await settle();
    expect(sent()).toEqual([[keyOf(1)], [keyOf(2)]]);
  });

  test("hear their own answers", async () => {
    claims(1, 2);
    await settle();
    calls[0]?.answer([heldAt(1), heldAt(2)]);
    await settle();
    expect(heard).toEqual([heldAt(1), heldAt(2)]);
    await Promise.all(kept);
  });

  test("hear nothing of a shard that cannot be reached or leaves one out", async () => {
    claims(1);
    await settle();
    calls[0]?.answer("silent");
    await settle();
    claims(2, 3);
    await pass(ROUND_GAP_MS);
    calls[1]?.answer([heldAt(2)]);
    await settle();
    expect(heard).toEqual(["silent", heldAt(2), "silent"]);
  });

  test("do not wait for a call that hangs, whose answer still counts", async () => {
    claims(1);
    await settle();
    claims(2);
    await pass(ROUND_GAP_MS);
    calls[1]?.answer([heldAt(2)]);
    await settle();
    calls[0]?.answer([heldAt(1)]);
    await settle();
    expect(heard).toEqual([heldAt(2), heldAt(1)]);
  });

  test("for several shards leave in one round, a call for each", async () => {
    claim(1, ONE);
    claim(1, TWO);
    claim(2, TWO);
    await settle();
    expect(calls.map(({ shard }) => shard)).toEqual([ONE, TWO]);
    expect(sent()).toEqual([[keyOf(1)], [keyOf(1), keyOf(2)]]);
    expect(kept).toHaveLength(1);
  });

  test("for another shard wait for the next round too", async () => {
    claim(1, ONE);
    await settle();
    claim(2, TWO);
    await pass(ROUND_GAP_MS - 1);
    expect(calls).toHaveLength(1);
    await pass(1);
    expect(calls.map(({ shard }) => shard)).toEqual([ONE, TWO]);
  });

  test("hear of their shard while another one hangs", async () => {
    claim(1, ONE);
    claim(2, TWO);
    await settle();
    calls[1]?.answer([heldAt(2)]);
    await settle();
    expect(heard).toEqual([heldAt(2)]);
  });

  test("fill a call up to its bound", async () => {
    claims(...Array.from({ length: MAX_CLAIMS + 1 }, (_, n) => n));
    await settle();
    expect(calls.map((call) => call.claims.length)).toEqual([MAX_CLAIMS, 1]);
  });

  test("keep the request alive that sends them for others", async () => {
    claims(1, 2);
    expect(kept).toHaveLength(1);
  });
});
