import { encodeFrame, LIMITS, parseClientFrame } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { capacity, clientFrames, hello, report } from "./sample-frames.ts";

const parse = (value: unknown) => parseClientFrame(JSON.stringify(value));
const detailOf = (value: unknown): string => {
  const parsed = parse(value);
  return parsed.ok ? "accepted" : parsed.error.detail;
};
const item = (fields: object) => ({
  ...report,
  items: [report.items[0], { id: "tk_9", attempt: 1, ...fields }],
});

describe("a well-formed client frame", () => {
  it.each(clientFrames)("comes back as it was sent: $type", (frame) => {
    expect(parseClientFrame(encodeFrame(frame))).toEqual({ ok: true, value: frame });
  });

  it("loses fields that are unknown, at every level", () => {
    const noisy = {
      ...hello,
      extra: 1,
      capacity: { ...capacity, extra: 1 },
      facts: { ...hello.facts, extra: 1 },
      running: [{ id: "tk_1", attempt: 2, extra: 1 }],
    };
    expect(parse(noisy)).toEqual({ ok: true, value: hello });
  });

  it("may carry the characters of any language in its notes", () => {
    const frame = item({ event: "progress", done: 1, note: "\u00fcber \ud83d\ude80" });
    expect(parse(frame)).toMatchObject({ ok: true, value: frame });
  });
});

describe("a client frame that is refused", () => {
  it.each([
    ["no JSON", "{"],
    ["an empty text", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["no type", "{}"],
    ["an unknown type", '{"type":"dance"}'],
    ["a type that is no string", '{"type":["hello"]}'],
    ["the name of an inherited property", '{"type":"constructor"}'],
  ])("closes with 4400: %s", (_what, text) => {
    expect(parseClientFrame(text)).toMatchObject({ ok: false, error: { closeCode: 4400 } });
  });

  it.each([
    ["agent", { ...hello, agent: "" }],
    ["agent", { ...hello, agent: "x".repeat(LIMITS.agentCharacters + 1) }],
    ["agent", { ...hello, agent: "a\u001b[2J" }],
    ["capacity", { ...hello, capacity: null }],
    ["capacity.burst", { ...hello, capacity: { ...capacity, burst: null } }],
    ["capacity.burst", { ...hello, capacity: { ...capacity, burst: -1 } }],
    ["capacity.perSecond", { ...hello, capacity: { ...capacity, perSecond: "1" } }],
    ["capacity.tokens", { ...hello, capacity: { burst: 1, perSecond: 1, slots: 1 } }],
    ["capacity.slots", { ...hello, capacity: { ...capacity, slots: 1.5 } }],
    ["resume.epoch", { ...hello, resume: { epoch: -1, seq: 0 } }],
    ["resume.seq", { ...hello, resume: { epoch: 1, seq: 2 ** 60 } }],
    ["running", { ...hello, running: {} }],
    ["running[0].id", { ...hello, running: [{ id: "tk 1", attempt: 1 }] }],
    ["running[0].id", { ...hello, running: [{ id: "t".repeat(129), attempt: 1 }] }],
    ["running[0].attempt", { ...hello, running: [{ id: "tk_1", attempt: 0 }] }],
    ["running[1]", { ...hello, running: [{ id: "tk_1", attempt: 1 }, "tk_2"] }],
    ["facts.os", { ...hello, facts: { os: 5 } }],
    ["facts", { ...hello, facts: [] }],
    ["epoch", { type: "ack", seq: 1 }],
    ["items", { ...report, items: undefined }],
    ["items[1].event", item({ event: "danced" })],
    ["items[1].done", item({ event: "progress", done: 1.01 })],
    ["items[1].done", item({ event: "progress", done: -0.1 })],
    ["items[1].note", item({ event: "progress", done: 0.5, note: 5 })],
    ["items[1].rows", item({ event: "rows", part: 0, rows: {} })],
    ["items[1].part", item({ event: "rows", part: -1, rows: [] })],
    ["items[1].error", item({ event: "failed" })],
    ["items[1].error.code", item({ event: "failed", error: { code: "", message: "" } })],
  ])("names the place: %s", (place, frame) => {
    expect(detailOf(frame)).toMatch(place);
    expect(detailOf(frame).startsWith(place)).toBe(true);
  });

  it("never sees its own words again", () => {
    for (const frame of [
      { type: "SECRET" },
      { ...hello, agent: { SECRET: 1 } },
      { ...hello, running: [{ id: "SECRET!", attempt: 1 }] },
      item({ event: "SECRET" }),
    ]) {
      expect(detailOf(frame)).not.toMatch("SECRET");
    }
    expect(JSON.stringify(parseClientFrame("SECRET"))).not.toMatch("SECRET");
  });

  it.each([
    ["running", { ...hello, running: Array(LIMITS.runningEntries + 1).fill(hello.running?.[0]) }],
    ["items", { ...report, items: Array(LIMITS.reportItems + 1).fill(report.items[0]) }],
  ])("holds too many %s", (place, frame) => {
    expect(detailOf(frame)).toMatch(`${place} must be a list of at most`);
  });
});

describe("numbers at the edge", () => {
  it("caps what a client claims beyond reason, and refuses what is not finite", () => {
    const huge = { burst: 1e300, perSecond: 1e300, tokens: 1e300, slots: 5_000_000 };
    expect(parse({ ...hello, capacity: huge })).toMatchObject({
      value: { capacity: { burst: 1e9, perSecond: 1e9, tokens: 1e9, slots: 100_000 } },
    });
    const text = '{"type":"ack","epoch":1,"seq":1,"capacity":{"burst":1e999}}';
    expect(parseClientFrame(text).ok).toBe(false);
  });

  it("takes a client that can take nothing", () => {
    const nothing = { burst: 0, perSecond: 0, tokens: 0, slots: 0 };
    expect(parse({ ...hello, capacity: nothing })).toMatchObject({
      value: { capacity: nothing },
    });
  });
});

describe("a handler's words", () => {
  it("are cut to their limit, so that a report cannot wedge its client", () => {
    const long = "x".repeat(10_000);
    expect(parse(item({ event: "progress", done: 0, note: long }))).toMatchObject({
      value: { items: [{}, { note: "x".repeat(LIMITS.noteCharacters) }] },
    });
    expect(parse(item({ event: "failed", error: { code: "boom", message: long } }))).toMatchObject({
      value: { items: [{}, { error: { message: "x".repeat(LIMITS.errorMessageCharacters) } }] },
    });
  });

  it("stay well-formed when the cut falls inside a character", () => {
    const note = `${"x".repeat(LIMITS.noteCharacters - 1)}\ud83d\ude80`;
    const parsed = parse(item({ event: "progress", done: 0, note }));
    const kept = parsed.ok && parsed.value.type === "report" && parsed.value.items[1];
    expect(kept && kept.event === "progress" && kept.note?.isWellFormed()).toBe(true);
  });
});

describe("size and depth", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const withRow = (row: string) =>
    `{"type":"report","epoch":1,"seq":1,"items":[{"id":"t","attempt":1,"event":"rows","part":0,"rows":[${row}]}]}`;

  it("takes a row that nests to the limit and refuses one level more", () => {
    expect(parseClientFrame(withRow(nested(LIMITS.jsonDepth))).ok).toBe(true);
    expect(parseClientFrame(withRow(nested(LIMITS.jsonDepth + 1)))).toMatchObject({
      error: { closeCode: 4400, detail: "the frame nests too deeply" },
    });
  });

  it("does not count brackets inside strings, however they are escaped", () => {
    const row = { a: "[".repeat(200), b: `\\"${"{".repeat(200)}`, c: "\\", d: '[["' };
    expect(parseClientFrame(withRow(JSON.stringify(row))).ok).toBe(true);
  });

  it("survives half a million brackets", () => {
    expect(parseClientFrame("[".repeat(500_000)).ok).toBe(false);
    expect(parseClientFrame(withRow('{"a":'.repeat(150_000))).ok).toBe(false);
  });

  it("counts bytes, not characters", () => {
    const pad = (character: string, count: number) =>
      `${JSON.stringify({ type: "ack", epoch: 1, seq: 1, pad: character.repeat(count) })}`;
    const room = LIMITS.clientFrameBytes - pad("", 0).length;
    expect(parseClientFrame(pad("x", room)).ok).toBe(true);
    expect(parseClientFrame(pad("x", room + 1))).toMatchObject({ error: { closeCode: 4413 } });
    expect(parseClientFrame(pad("\u20ac", Math.ceil(room / 3) + 1))).toMatchObject({
      error: { closeCode: 4413 },
    });
  });
});
