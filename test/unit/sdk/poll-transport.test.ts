import { CLOSE_CODES, encodeFrame, LIMITS, PING, PONG } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { aBatch, aHello, anAck, aReport, aWelcome } from "../../builders/frames.ts";
import { pollsByHand } from "./builders/polls-by-hand.ts";

const HELLO = encodeFrame(aHello());
const bye = (code: number) => ({ type: "bye", code, reason: "over", retryAfterMs: 0 }) as const;

/** A connection that was welcomed under epoch 7: its second poll listens. */
async function welcomed() {
  const polls = pollsByHand();
  polls.connection.send(HELLO);
  await polls.poll(1).answer(1, aWelcome({ epoch: 7 }));
  return polls;
}

describe("a connection by polls", () => {
  it("opens without a word, and says hello in a poll that waits for nothing", async () => {
    const { connection, sent, told, poll } = pollsByHand();
    await Promise.resolve();
    expect(told).toEqual(["opened"]);
    expect(sent).toEqual([]);
    connection.send(HELLO);
    expect(poll(1)).toMatchObject({
      url: "http://127.0.0.1/behind/v1/poll",
      authorization: "Bearer ct_test",
      body: { frames: [aHello()], waitMs: 0 },
    });
    expect(poll(1).body.epoch).toBeUndefined();
  });

  it("listens from the welcome on, again and again", async () => {
    const { poll, sent, told } = await welcomed();
    expect(told.at(-1)).toBe(encodeFrame(aWelcome({ epoch: 7 })));
    expect(poll(2).body).toEqual({ epoch: 7, frames: [], waitMs: 20_000 });
    await poll(2).answer(2, aBatch());
    expect(told.at(-1)).toBe(encodeFrame(aBatch()));
    await poll(3).answer(3);
    expect(sent).toHaveLength(4);
  });

  it("speaks while it listens, one poll at a time and in order", async () => {
    const { connection, poll, sent } = await welcomed();
    connection.send(encodeFrame(anAck({ seq: 1 })));
    connection.send(encodeFrame(anAck({ seq: 2 })));
    connection.send(encodeFrame(aReport()));
    expect(poll(3).body).toEqual({ epoch: 7, frames: [anAck({ seq: 1 })], waitMs: 0 });
    expect(sent).toHaveLength(3);
    await poll(3).answer(2);
    expect(poll(4).body.frames).toEqual([anAck({ seq: 2 }), aReport()]);
  });

  it("puts no more into a poll than it may carry", async () => {
    const { connection, poll } = await welcomed();
    connection.send(encodeFrame(anAck()));
    for (let n = 0; n <= LIMITS.pollFrames; n += 1) connection.send(encodeFrame(anAck()));
    await poll(3).answer(2);
    expect(poll(4).body.frames).toHaveLength(LIMITS.pollFrames);
    await poll(4).answer(3);
    expect(poll(5).body.frames).toHaveLength(1);
    const large = { ...anAck(), padding: "x".repeat(LIMITS.clientFrameBytes - 100) };
    connection.send(JSON.stringify(large));
    connection.send(JSON.stringify(large));
    await poll(5).answer(4);
    expect(poll(6).body.frames).toHaveLength(1);
  });

  it("takes answers in the order in which they were made, not in that in which they come", async () => {
    const { connection, poll, told } = await welcomed();
    connection.send(encodeFrame(anAck()));
    await poll(2).answer(3, aBatch({ seq: 2 }));
    expect(told.at(-1)).not.toContain("batch");
    await poll(3).answer(2, aBatch({ seq: 1 }));
    const batches = [aBatch({ seq: 1 }), aBatch({ seq: 2 })];
    expect(told.slice(-2)).toEqual(batches.map(encodeFrame));
  });

  it("answers a ping by itself when the service has answered", async () => {
    const { connection, poll, told } = await welcomed();
    connection.send(PING);
    expect(told.at(-1)).not.toBe(PONG);
    await poll(2).answer(2);
    expect(told.at(-1)).toBe(PONG);
    await poll(3).answer(3);
    expect(told.filter((text) => text === PONG)).toHaveLength(1);
  });
});

describe("a connection by polls ends", () => {
  it("with the code of a bye, which its owner hears first", async () => {
    const { poll, told, endings, sent } = await welcomed();
    await poll(2).answer(2, aBatch(), bye(CLOSE_CODES.superseded));
    expect(told.at(-1)).toContain("bye");
    expect(endings).toEqual([{ kind: "closed", code: CLOSE_CODES.superseded, reason: "over" }]);
    expect(sent).toHaveLength(2);
  });

  it("with a bye that is outside the order", async () => {
    const { poll, endings } = await welcomed();
    await poll(2).answer(1, bye(CLOSE_CODES.comeBackLater));
    expect(endings).toMatchObject([{ code: CLOSE_CODES.comeBackLater }]);
  });

  it("once, when a poll gets no answer, and gives up the other poll", async () => {
    const { connection, poll, endings } = await welcomed();
    connection.send(encodeFrame(anAck()));
    await poll(3).breaks();
    expect(endings).toEqual([{ kind: "failed" }]);
    expect(poll(2).signal.aborted).toBe(true);
  });

  it("when the answer is no answer to a poll", async () => {
    const { poll, endings } = await welcomed();
    await poll(2).respond(new Response("<html>"));
    expect(endings).toEqual([{ kind: "failed" }]);
  });

  const problem = (status: number, code: string, headers = {}) =>
    new Response(JSON.stringify({ code }), { status, headers });

  it.each([
    ["429 of the service", problem(429, "rate_limited", { "retry-after": "60" }), 429, 60_000],
    ["401 of the service", problem(401, "invalid_key"), 401, 0],
    // Neither is a reason to stay away for good.
    ["403 of a suspended account", problem(403, "account_suspended"), 503, 0],
    ["403 of a proxy", new Response("<html>", { status: 403 }), 502, 0],
  ])("refused by a %s", async (_, response, status, retryAfterMs) => {
    const { poll, endings } = await welcomed();
    await poll(2).respond(response);
    expect(endings).toEqual([{ kind: "refused", status, retryAfterMs }]);
  });

  it("without a word when its owner drops it", async () => {
    const { connection, poll, told, endings, sent } = await welcomed();
    const before = told.length;
    connection.terminate();
    connection.send(encodeFrame(anAck()));
    await poll(2).answer(2, aBatch());
    expect([told.length - before, endings.length, sent.length]).toEqual([0, 0, 2]);
  });
});
