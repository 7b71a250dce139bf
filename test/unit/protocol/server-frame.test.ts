import { encodeFrame, LIMITS, parseServerFrame } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import { batch, serverFrames } from "./sample-frames.ts";

const parse = (value: unknown) => parseServerFrame(JSON.stringify(value));
const withTask = (fields: object) => ({ ...batch, tasks: [{ ...batch.tasks[0], ...fields }] });

describe("a well-formed server frame", () => {
  it.each(serverFrames)("comes back as it was sent: $type", (frame) => {
    expect(parseServerFrame(encodeFrame(frame))).toEqual({ ok: true, value: frame });
  });

  it("loses fields that are unknown, so that a newer server can add some", () => {
    expect(parse(withTask({ novelty: 1 }))).toEqual({ ok: true, value: batch });
  });

  it("may say that a task must not begin twice", () => {
    const once = withTask({ delivery: "at_most_once" });
    expect(parse(once)).toEqual({ ok: true, value: once });
  });

  it("may be a batch at its limit", () => {
    const full = { ...batch, tasks: Array(LIMITS.batchTasks).fill(batch.tasks[0]) };
    expect(parse(full).ok).toBe(true);
  });
});

describe("a server frame that is refused", () => {
  it.each([
    ["type", { type: "hello", agent: "a/1" }],
    ["clientId", { ...serverFrames[0], clientId: "cl/abc" }],
    ["heartbeatMs", { ...serverFrames[0], heartbeatMs: 0 }],
    ["serverTime", { ...serverFrames[0], serverTime: "yesterday" }],
    ["tasks", { ...batch, tasks: Array(LIMITS.batchTasks + 1).fill(batch.tasks[0]) }],
    ["tasks[0].id", withTask({ id: "" })],
    ["tasks[0].attempt", withTask({ attempt: 0 })],
    ["tasks[0].kind", withTask({ kind: "../etc" })],
    ["tasks[0].args", withTask({ args: [] })],
    ["tasks[0].priority", withTask({ priority: 10 })],
    ["tasks[0].timeoutMs", withTask({ timeoutMs: Number.MAX_SAFE_INTEGER })],
    ["tasks[0].deadline", withTask({ deadline: "soon" })],
    ["tasks[0].delivery", withTask({ delivery: "at_least_once" })],
    ["seq", { type: "reported" }],
    ["ids", { type: "cancel", ids: ["tk_1", 5] }],
    ["ids", { type: "cancel", ids: "tk_1" }],
    ["code", { type: "bye", code: 99, reason: "", retryAfterMs: 0 }],
    ["retryAfterMs", { type: "bye", code: 4503, reason: "", retryAfterMs: -5 }],
  ])("names the place: %s", (place, frame) => {
    const parsed = parse(frame);
    expect(parsed.ok).toBe(false);
    expect(!parsed.ok && parsed.error.closeCode).toBe(4400);
    expect(!parsed.ok && parsed.error.detail.startsWith(`${place} must`)).toBe(true);
  });

  it("is too large", () => {
    const text = JSON.stringify({
      type: "reported",
      seq: 1,
      pad: "x".repeat(LIMITS.batchFrameBytes),
    });
    expect(parseServerFrame(text)).toMatchObject({ ok: false, error: { closeCode: 4413 } });
  });
});
