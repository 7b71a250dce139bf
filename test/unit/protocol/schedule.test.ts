import { LIMITS, parseScheduleBody, parseTaskSpec, TASK_DEFAULTS } from "@sluice/protocol";
import { describe, expect, it } from "vitest";

const asJson = (tasks: unknown) => JSON.stringify({ tasks });
const parse = (...tasks: unknown[]) => parseScheduleBody(asJson(tasks), "json");
const parseLines = (...lines: unknown[]) =>
  parseScheduleBody(lines.map((line) => JSON.stringify(line)).join("\n"), "ndjson");
const nest = (depth: number): unknown => (depth === 0 ? 0 : { a: nest(depth - 1) });

const bare = { kind: "collect.processes" };
const normalised = {
  kind: "collect.processes",
  argsJson: "{}",
  ...TASK_DEFAULTS,
  delivery: "at_least_once",
  idempotencyKey: null,
  fairnessKey: null,
};

describe("a task of a schedule call", () => {
  it("gets every default where its call is silent", () => {
    expect(parse(bare)).toEqual({ ok: true, value: [normalised] });
  });

  it("keeps everything that its call says", () => {
    const said = {
      priority: 9,
      ttlSeconds: 60,
      timeoutSeconds: 30,
      maxAttempts: 1,
      delivery: "at_most_once",
      idempotencyKey: "job 17",
      fairnessKey: "ops",
    };
    expect(parse({ ...bare, args: { a: [1, null] }, ...said })).toEqual({
      ok: true,
      value: [{ kind: bare.kind, argsJson: '{"a":[1,null]}', ...said }],
    });
  });

  it.each([
    "a",
    "9lives",
    "Windows.System.Pslist",
    "a/b:c-d_e.f",
    "k".repeat(LIMITS.kindCharacters),
  ])("may be of kind %s", (kind) => {
    expect(parse({ kind }).ok).toBe(true);
  });

  it.each([
    ["kind", {}],
    ["kind", { kind: "" }],
    ["kind", { kind: ".hidden" }],
    ["kind", { kind: "a b" }],
    ["kind", { kind: "a\n" }],
    ["kind", { kind: "k".repeat(LIMITS.kindCharacters + 1) }],
    ["args", { ...bare, args: null }],
    ["args", { ...bare, args: [] }],
    ["priority", { ...bare, priority: 10 }],
    ["priority", { ...bare, priority: "5" }],
    ["ttlSeconds", { ...bare, ttlSeconds: 0 }],
    ["ttlSeconds", { ...bare, ttlSeconds: LIMITS.ttlSeconds + 1 }],
    ["timeoutSeconds", { ...bare, timeoutSeconds: 0.5 }],
    ["maxAttempts", { ...bare, maxAttempts: LIMITS.maxAttempts + 1 }],
    ["delivery", { ...bare, delivery: "exactly_once" }],
    ["idempotencyKey", { ...bare, idempotencyKey: "" }],
    ["idempotencyKey", { ...bare, idempotencyKey: "a\u0000b" }],
    ["fairnessKey", { ...bare, fairnessKey: "\ud800" }],
    ["fairnessKey", { ...bare, fairnessKey: "f".repeat(LIMITS.fairnessKeyCharacters + 1) }],
  ])("is refused for its %s, by number in both formats", (field, bad) => {
    for (const parsed of [parse(bare, bad), parseLines(bare, bad)]) {
      expect(!parsed.ok && parsed.error.detail.startsWith(`tasks[1].${field} must`)).toBe(true);
    }
    const alone = parseTaskSpec(bad);
    expect(!alone.ok && alone.error.detail.startsWith(field)).toBe(true);
  });

  it("is bounded in bytes, with the kind counted in", () => {
    const overhead = `"kind":"${bare.kind}","args":{"pad":""}`.length;
    const sized = (bytes: number) => ({ ...bare, args: { pad: "x".repeat(bytes - overhead) } });
    expect(parse(sized(LIMITS.taskBytes)).ok).toBe(true);
    expect(parse(sized(LIMITS.taskBytes + 1))).toMatchObject({
      error: { detail: expect.stringMatching(/^tasks\[0\]\.args must leave/) },
    });
  });

  it("is bounded in depth, alike in every format", () => {
    const nested = (depth: number) => ({ ...bare, args: nest(depth) });
    for (const parseOne of [parse, parseLines, parseTaskSpec]) {
      expect(parseOne(nested(LIMITS.jsonDepth)).ok).toBe(true);
      expect(parseOne(nested(LIMITS.jsonDepth + 1)).ok).toBe(false);
    }
  });
});

describe("a schedule body", () => {
  it("holds 1 to 10,000 tasks", () => {
    const many = (count: number) => Array(count).fill(bare);
    for (const parseAll of [parse, parseLines]) {
      expect(parseAll().ok).toBe(false);
      expect(parseAll(...many(LIMITS.callTasks)).ok).toBe(true);
      expect(parseAll(...many(LIMITS.callTasks + 1)).ok).toBe(false);
    }
  });

  it.each([
    ["no JSON", "tasks"],
    ["a list", "[]"],
    ["no tasks", "{}"],
    ["tasks that are no list", '{"tasks":{"length":1}}'],
    ["a task that is no object", '{"tasks":[5]}'],
    ["half a million brackets", "[".repeat(500_000)],
  ])("is refused: %s", (_what, text) => {
    expect(parseScheduleBody(text, "json").ok).toBe(false);
    expect(parseScheduleBody(text, "ndjson").ok).toBe(false);
  });

  it("may, as NDJSON, have blank lines, carriage returns and a last newline", () => {
    const text = `${JSON.stringify(bare)}\r\n\n${JSON.stringify(bare)}\n`;
    expect(parseScheduleBody(text, "ndjson")).toEqual({
      ok: true,
      value: [normalised, normalised],
    });
  });

  it("names the line that is not JSON", () => {
    expect(parseScheduleBody(`${JSON.stringify(bare)}\n{"kind`, "ndjson")).toEqual({
      ok: false,
      error: { detail: "tasks[1] is not JSON" },
    });
  });

  it("is refused over its bytes", () => {
    const text = asJson(Array(40).fill({ ...bare, args: { pad: "x".repeat(250_000) } }));
    expect(parseScheduleBody(text, "json").ok).toBe(false);
  });

  it("never repeats what it was sent", () => {
    for (const bad of [{ kind: "SECRET!" }, { kind: "a", priority: "SECRET" }]) {
      expect(JSON.stringify(parse(bad))).not.toMatch("SECRET");
    }
  });
});

describe("a task given as a value", () => {
  it("is read as one from a body", () => {
    expect(parseTaskSpec({ ...bare, args: { a: 1 } })).toEqual({
      ok: true,
      value: { ...normalised, argsJson: '{"a":1}' },
    });
  });

  it("may not be cyclic, wide beyond its bytes, or anything but plain data", () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    let shared: unknown = [0];
    for (let level = 0; level < LIMITS.jsonDepth - 2; level++) shared = Array(50).fill(shared);
    for (const inside of [cycle, shared, new Date(0), new Map(), 1n, Number.NaN, () => 1]) {
      expect(parseTaskSpec({ ...bare, args: { inside } }).ok).toBe(false);
    }
  });
});
