import {
  CLOSE_CODES,
  DEFAULT_POLL_WAIT_MS,
  encodePollAnswer,
  LIMITS,
  type Poll,
  parsePoll,
  parsePollAnswer,
} from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aBatch, aHello, anAck, aReport, aWelcome } from "../../builders/frames.ts";

function parsed(body: unknown): Poll {
  const poll = parsePoll(JSON.stringify(body));
  if (!poll.ok) throw new Error(poll.error.detail);
  return poll.value;
}

describe("the body of a poll", () => {
  it("holds the frames of a socket, in their order", () => {
    const frames = [aHello(), anAck(), aReport()];
    const poll = parsed({ epoch: 7, frames, waitMs: 5 });
    expect(poll).toEqual({ epoch: 7, frames, fault: null, waitMs: 5 });
  });

  it("may leave out everything, and ignores what it does not know", () => {
    const silent = { epoch: null, frames: [], fault: null, waitMs: DEFAULT_POLL_WAIT_MS };
    expect(parsed({})).toEqual(silent);
    expect(parsed({ later: true })).toEqual(silent);
  });

  it("keeps the frames before the first that does not fit, and says what was wrong with it", () => {
    const poll = parsed({ frames: [anAck(), { type: "batch" }, aReport()] });
    expect(poll.frames).toEqual([anAck()]);
    expect(poll.fault).toMatchObject({ closeCode: CLOSE_CODES.protocol });
  });

  it("takes rows as deep as a socket does, and no deeper", () => {
    const nested = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth));
    const poll = (depth: number) => {
      const items = [{ id: "tk_1", attempt: 1, event: "rows", part: 0, rows: [nested(depth)] }];
      return parsePoll(JSON.stringify({ frames: [{ type: "report", epoch: 1, seq: 1, items }] }));
    };
    expect(poll(LIMITS.jsonDepth)).toMatchObject({ ok: true, value: { fault: null } });
    expect(poll(LIMITS.jsonDepth + 1).ok).toBe(false);
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["frames that are no list", '{"frames":{}}'],
    ["too many frames", JSON.stringify({ frames: Array(LIMITS.pollFrames + 1).fill({}) })],
    ["a negative wait", '{"waitMs":-1}'],
    ["too long a wait", `{"waitMs":${LIMITS.pollWaitMs + 1}}`],
    ["an epoch that is no number", '{"epoch":"7"}'],
  ])("is none with %s", (_, text) => {
    expect(parsePoll(text)).toMatchObject({ ok: false });
  });

  it("never throws, and says nothing of what it was sent", () => {
    const mark = "zq9-mark";
    const values = fc.oneof(fc.jsonValue(), fc.constant(mark));
    const near = fc.dictionary(fc.constantFrom("type", "epoch", "seq", "items", mark), values);
    const body = fc.record({ epoch: values, waitMs: values, frames: fc.array(near) });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), body.map(asText)), (text) => {
        const poll = parsePoll(text);
        const fault = poll.ok ? poll.value.fault : poll.error;
        expect(fault?.detail ?? "").not.toContain(mark);
      }),
    );
  });
});

const asText = (value: unknown) => JSON.stringify(value);

describe("the answer to a poll", () => {
  it("carries the text of each frame through", () => {
    const frames = [aWelcome(), aBatch()].map(asText);
    expect(parsePollAnswer(encodePollAnswer({ seq: 3, frames }))).toEqual({
      ok: true,
      value: { seq: 3, frames },
    });
  });

  it.each(["", "<html>", "{}", '{"seq":0,"frames":[]}', '{"seq":1,"frames":{}}'])(
    "is none when it is %j",
    (text) => {
      expect(parsePollAnswer(text)).toMatchObject({
        ok: false,
        error: { closeCode: CLOSE_CODES.protocol },
      });
    },
  );

  it("is none when it is longer than any the service makes", () => {
    const answer = parsePollAnswer(" ".repeat(LIMITS.pollAnswerCharacters + 1));
    expect(answer).toMatchObject({ ok: false, error: { closeCode: CLOSE_CODES.tooLarge } });
  });
});
