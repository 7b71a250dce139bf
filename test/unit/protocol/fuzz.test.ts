import {
  encodeFrame,
  LIMITS,
  parseClientFrame,
  parseScheduleBody,
  parseServerFrame,
  parseTaskSpec,
} from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientFrames, serverFrames } from "./sample-frames.ts";

const RUNS = { numRuns: 500 };
const frames = [...clientFrames, ...serverFrames];

/** Texts near a valid frame: a slice replaced by something else. */
const mutatedFrames = fc
  .record({
    frame: fc.constantFrom(...frames),
    at: fc.nat(400),
    drop: fc.nat(12),
    insert: fc.oneof(fc.string({ maxLength: 12 }), fc.json({ maxDepth: 2 })),
  })
  .map(({ frame, at, drop, insert }) => {
    const text = encodeFrame(frame);
    return text.slice(0, at) + insert + text.slice(at + drop);
  });

/** Valid frames with one field, at any depth, replaced by an arbitrary value. */
const misfitFrames = fc
  .record({ frame: fc.constantFrom(...frames), at: fc.nat(60), value: fc.jsonValue() })
  .map(({ frame, at, value }) => {
    let seen = 0;
    return JSON.stringify(frame, (_key, field) => (seen++ === at ? value : field));
  });

const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.json(), mutatedFrames, misfitFrames);

const id = fc.stringMatching(/^tk_[a-z0-9]{1,26}$/);
const count = fc.nat(2 ** 40);
const capacity = fc.record({
  burst: fc.double({ min: 0, max: 1e6, noNaN: true }).map((x) => x + 0),
  perSecond: fc.double({ min: 0, max: 1e6, noNaN: true }).map((x) => x + 0),
  tokens: fc.double({ min: 0, max: 1e6, noNaN: true }).map((x) => x + 0),
  slots: fc.nat(100_000),
});
const validReport = fc.record(
  {
    type: fc.constant("report"),
    epoch: count,
    seq: count,
    items: fc.array(
      fc.oneof(
        fc.record({ id, attempt: fc.integer({ min: 1 }), event: fc.constant("started") }),
        fc.record({
          id,
          attempt: fc.integer({ min: 1 }),
          event: fc.constant("rows"),
          part: count,
          rows: fc.array(fc.jsonValue({ maxDepth: 5 }), { maxLength: 5 }),
        }),
      ),
      { maxLength: 20 },
    ),
    capacity,
  },
  { requiredKeys: ["type", "epoch", "seq", "items"] },
);

describe("whatever arrives", () => {
  it("is a frame or a fault with a close code, and no exception", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const parsed of [parseClientFrame(text), parseServerFrame(text)]) {
          if (!parsed.ok) expect([4400, 4413]).toContain(parsed.error.closeCode);
        }
      }),
      RUNS,
    );
  });

  it("when accepted as a frame, is accepted again after being encoded", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const parsed = parseClientFrame(text);
        if (parsed.ok) expect(parseClientFrame(encodeFrame(parsed.value))).toEqual(parsed);
      }),
      RUNS,
    );
  });

  it("is tasks or a detail, and no exception", () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.json()),
        fc.constantFrom("json", "ndjson"),
        (text, format) => {
          for (const parsed of [
            parseScheduleBody(text, format),
            parseScheduleBody(`{"tasks":[{"kind":"a","args":${text}}]}`, format),
          ]) {
            if (!parsed.ok) expect(parsed.error.detail.length).toBeLessThan(200);
          }
        },
      ),
      RUNS,
    );
  });

  it("when passed as a value by another Worker, is a task or a detail", () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withMap: true, withBigInt: true }), (value) => {
        parseTaskSpec(value);
        parseTaskSpec({ kind: "a", args: { value } });
      }),
      RUNS,
    );
  });
});

describe("every valid report", () => {
  it("comes back as it was sent", () => {
    fc.assert(
      fc.property(validReport, (frame) => {
        const text = JSON.stringify(frame);
        expect(parseClientFrame(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
      RUNS,
    );
  });
});

describe("every task that is accepted", () => {
  it("carries its args unchanged and within bounds", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 6 })), (args) => {
        const parsed = parseScheduleBody(JSON.stringify({ kind: "a", args }), "ndjson");
        const expected = JSON.parse(JSON.stringify(args));
        expect(parsed.ok && JSON.parse(parsed.value[0]?.argsJson ?? "")).toEqual(expected);
        expect(parsed.ok && (parsed.value[0]?.argsJson.length ?? 0)).toBeLessThan(LIMITS.taskBytes);
      }),
      RUNS,
    );
  });
});
