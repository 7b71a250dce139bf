import { describe, expect, it } from "vitest";
import { FieldReader, type FirstFault } from "../../../../packages/protocol/src/index.ts";
import {
  readChallengeRequest,
  readSolveRequest,
  VERIFY_LIMITS,
} from "../../../../packages/protocol/src/verify/index.ts";

function read<Value>(body: unknown, reader: (fields: FieldReader) => Value) {
  const faults: FirstFault = { detail: null };
  const value = reader(new FieldReader(body, "", faults));
  return { value, fault: faults.detail };
}

const solution = (fields: object = {}) => ({ challenge: "sc_abc", pow: [1, 2], ...fields });
const drag = (points: unknown) => solution({ track: { pointer: "mouse", points } });

describe("a request for a challenge", () => {
  it("needs a sitekey alone", () => {
    expect(read({ sitekey: "site_x" }, readChallengeRequest)).toEqual({
      value: { sitekey: "site_x", action: null, cdata: null, path: "usual" },
      fault: null,
    });
  });

  it("takes an empty action for none", () => {
    const { value } = read({ sitekey: "s", action: "", cdata: null }, readChallengeRequest);
    expect(value).toMatchObject({ action: null, cdata: null });
  });

  it.each([
    ["an action with a blank", { action: "log in" }],
    ["an action that is too long", { action: "a".repeat(33) }],
    ["cdata that is too long", { cdata: "a".repeat(256) }],
    ["a path that there is not", { path: "easy" }],
  ])("is refused with %s", (_, fields) => {
    expect(read({ sitekey: "s", ...fields }, readChallengeRequest).fault).not.toBeNull();
  });
});

describe("a solution", () => {
  it("reads what is missing as null", () => {
    expect(read(solution(), readSolveRequest).value).toEqual({
      challenge: "sc_abc",
      pow: [1, 2],
      answer: null,
      track: null,
      automated: false,
    });
  });

  it("says when a program drives the browser", () => {
    expect(read(solution({ automated: true }), readSolveRequest).value.automated).toBe(true);
    expect(read(solution({ automated: "no" }), readSolveRequest).fault).not.toBeNull();
  });

  it("keeps the points of a track as they are", () => {
    const points = [
      [0, 0, 0],
      [3.5, -1, 16],
      [9, -1, 16],
    ];
    expect(read(drag(points), readSolveRequest).value.track).toEqual({ pointer: "mouse", points });
  });

  it.each([
    ["a nonce that is no number", solution({ pow: ["1"] })],
    ["a nonce of more than 32 bits", solution({ pow: [2 ** 32] })],
    ["more nonces than puzzles there can be", solution({ pow: Array(65).fill(0) })],
    ["a negative answer", solution({ answer: -1 })],
    ["an answer that is text", solution({ answer: "120" })],
    ["a point that is not a number", drag([[0, 0, Number.NaN]])],
    ["a point without a time", drag([[0, 0]])],
    ["a point far away", drag([[1e9, 0, 0]])],
    [
      "times that go back",
      drag([
        [0, 0, 5],
        [0, 0, 4],
      ]),
    ],
    ["a negative time", drag([[0, 0, -1]])],
    ["a pointer that there is not", solution({ track: { pointer: "eye", points: [] } })],
    ["too many points", drag(Array(VERIFY_LIMITS.trackPoints + 1).fill([0, 0, 0]))],
    ["a challenge that is no text of ours", solution({ challenge: "<script>" })],
  ])("is refused with %s", (_, body) => {
    expect(read(body, readSolveRequest).fault).not.toBeNull();
  });
});
