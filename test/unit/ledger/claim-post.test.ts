import { beforeEach, describe, expect, test } from "vitest";
import type { Claim, Held } from "../../../durable-objects/ledger/rpc.ts";
import { ClaimPost, MAX_CLAIMS, TURN_MS } from "../../../workers/ledger/claim-post.ts";
import { A, keyOf } from "./builders.ts";

interface Call {
  readonly claims: readonly Claim[];
  answer(answers: readonly Held[] | "silent"): void;
}

let calls: Call[];
let heard: unknown[];
let kept: Promise<void>[];
let post: ClaimPost;

beforeEach(() => {
  calls = [];
  heard = [];
  kept = [];
  post = new ClaimPost({
    carry: (claims) => new Promise((resolve) => calls.push({ claims, answer: resolve })),
    keepAlive: (work) => kept.push(work),
  });
});

const claim = (n: number) => post.post({ key: keyOf(n), attempt: A }, (held) => heard.push(held));
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

describe("claims", () => {
  test("that nothing is before leave at once, all that were made together in one call", async () => {
    claims(1, 2);
    await settle();
    expect(sent()).toEqual([[keyOf(1), keyOf(2)]]);
  });

  test("that come while a call is under way share the next one", async () => {
    claims(1);
    await settle();
    claims(2, 3);
    await settle();
    expect(calls).toHaveLength(1);
    calls[0]?.answer([heldAt(1)]);
    await settle();
    expect(sent()).toEqual([[keyOf(1)], [keyOf(2), keyOf(3)]]);
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
    await settle();
    calls[1]?.answer([heldAt(2)]);
    await settle();
    expect(heard).toEqual(["silent", heldAt(2), "silent"]);
  });

  test("do not wait for ever for a call that hangs, whose answer still counts", async () => {
    claims(1);
    await settle();
    claims(2);
    await new Promise((resolve) => setTimeout(resolve, 2 * TURN_MS));
    expect(sent()).toEqual([[keyOf(1)], [keyOf(2)]]);
    calls[0]?.answer([heldAt(1)]);
    await settle();
    expect(heard).toEqual([heldAt(1)]);
    claims(3);
    await settle();
    expect(calls).toHaveLength(2);
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
