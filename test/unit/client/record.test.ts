import { TASK_STATES } from "@sluice/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  NEW_RECORD,
  PAGE_BYTES,
  PAGE_TASKS,
  readRecord,
  readState,
  type TaskRecord,
  writeRecord,
} from "../../../durable-objects/client/record.ts";
import { START_MS } from "../../builders/dispatch-rig.ts";

const THIRTY_SEVEN_DAYS_MS = 37 * 24 * 3_600_000;
const newPage = () => new DataView(new ArrayBuffer(PAGE_BYTES));
const byte = fc.integer({ min: 0, max: 255 });
const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const time = fc.option(fc.nat({ max: THIRTY_SEVEN_DAYS_MS }).map((offset) => START_MS + offset));
const slot = fc.nat({ max: PAGE_TASKS - 1 });
const anyRecord: fc.Arbitrary<TaskRecord> = fc.record({
  state: fc.constantFrom(...TASK_STATES),
  attempt: byte,
  runAttempt: byte,
  crashes: byte,
  cancelRequested: fc.boolean(),
  missing: fc.boolean(),
  epoch: word,
  seq: word,
  sentAt: time,
  acceptedAt: time,
  startedAt: time,
  endedAt: time,
});

describe("a delivery record in its page", () => {
  it("reads as it was written, in any slot", () => {
    fc.assert(
      fc.property(anyRecord, slot, (record, at) => {
        const page = newPage();
        writeRecord(page, at, START_MS, record);
        expect(readRecord(page, at, START_MS)).toEqual(record);
        expect(readState(page, at)).toBe(record.state);
      }),
    );
  });

  it("leaves its neighbours alone", () => {
    fc.assert(
      fc.property(anyRecord, anyRecord, fc.nat({ max: PAGE_TASKS - 2 }), (left, right, at) => {
        const page = newPage();
        writeRecord(page, at, START_MS, left);
        writeRecord(page, at + 1, START_MS, right);
        writeRecord(page, at + 1, START_MS, NEW_RECORD);
        expect(readRecord(page, at, START_MS)).toEqual(left);
        expect(readRecord(page, at + 1, START_MS)).toEqual(NEW_RECORD);
      }),
    );
  });

  it("is that of a task never sent where nothing was written", () => {
    expect(readRecord(newPage(), 17, START_MS)).toEqual(NEW_RECORD);
  });

  it("saturates what does not fit rather than wrapping round", () => {
    const page = newPage();
    const tooMuch = { ...NEW_RECORD, attempt: 300, crashes: 300, sentAt: START_MS - 5 };
    writeRecord(page, 0, START_MS, tooMuch);
    expect(readRecord(page, 0, START_MS)).toMatchObject({
      attempt: 255,
      crashes: 255,
      sentAt: START_MS,
    });
  });

  it("fits a row with much room to spare", () => {
    expect(PAGE_BYTES).toBeLessThan(64 * 1024);
  });
});
