import { LIMITS, type ReportFrame, type ReportItem } from "@sluice/protocol";
import { describe, expect, it, onTestFinished } from "vitest";
import { Outbox } from "../../../packages/sdk/src/client/outbox.ts";
import { Recorder } from "../../../packages/sdk/src/client/recorder.ts";
import { DEFAULT_TUNING, SYSTEM_CLOCK } from "../../../packages/sdk/src/client/tuning.ts";
import { memoryJournal } from "../../../packages/sdk/src/index.ts";
import { taskId } from "./builders/tasks.ts";
import { rest, until } from "./builders/wire-server.ts";

const CAPACITY = { burst: 1, perSecond: 1, tokens: 1, slots: 1 };
const succeeded = (name: number): ReportItem => ({
  id: taskId(name),
  attempt: 1,
  event: "succeeded",
});
const manyEnds = (count: number) => Array.from({ length: count }, (_, name) => succeeded(name));

/** An outbox over a connection that the test opens and closes. */
function makeOutbox({ idle = false, gatherMs = 20, reportWindow = 8, drainMs = 60_000 } = {}) {
  const recorder = new Recorder(memoryJournal(0), (cause) => expect.fail(String(cause)));
  const sent: ReportFrame[] = [];
  const connection: { epoch: number | null } = { epoch: 1 };
  const port = {
    epoch: () => connection.epoch,
    capacity: () => CAPACITY,
    send: (frame: ReportFrame) => void sent.push(frame),
    collect: () => [],
    idle: () => idle,
  };
  const tuning = { ...DEFAULT_TUNING, gatherMs, reportWindow, drainMs };
  const outbox = new Outbox(recorder, port, tuning, SYSTEM_CLOCK);
  onTestFinished(() => outbox.stop());
  return { outbox, sent, connection, recorder };
}

describe("the outbox", () => {
  it("gathers what comes within a short while into one report", async () => {
    const { outbox, sent } = makeOutbox();
    for (const item of manyEnds(5)) {
      outbox.emit([item]);
      await rest(1);
    }
    expect(sent).toEqual([]);
    await until(() => sent.length > 0, "a report");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ epoch: 1, items: manyEnds(5), capacity: CAPACITY });
  });

  it("waits for nothing when nothing more is to come", async () => {
    const { outbox, sent } = makeOutbox({ idle: true, gatherMs: 60_000 });
    outbox.emit([succeeded(1)]);
    await until(() => sent.length === 1, "a report");
  });

  it("waits no longer once much is gathered", async () => {
    const { outbox, sent } = makeOutbox({ gatherMs: 60_000 });
    outbox.emit(manyEnds(199));
    await rest();
    expect(sent).toEqual([]);
    outbox.emit([succeeded(199)]);
    await until(() => sent.length === 1, "a report");
    expect(sent[0]?.items).toHaveLength(200);
  });

  it("puts no more items into a report than the wire takes", async () => {
    const { outbox, sent } = makeOutbox();
    outbox.emit(manyEnds(LIMITS.reportItems + 1));
    await until(() => sent.length === 2, "two reports");
    expect(sent.map(({ items }) => items.length)).toEqual([LIMITS.reportItems, 1]);
  });

  it("puts no more bytes into a report than the wire takes", async () => {
    const { outbox, sent } = makeOutbox();
    const rows = ["ä".repeat(150_000)];
    const parts = Array.from(
      { length: 7 },
      (_, part): ReportItem => ({
        id: taskId(1),
        attempt: 1,
        event: "rows",
        part,
        rows,
      }),
    );
    outbox.emit(parts);
    await until(() => sent.flatMap(({ items }) => items).length === 7, "seven parts");
    for (const frame of sent) {
      expect(Buffer.byteLength(JSON.stringify(frame))).toBeLessThanOrEqual(LIMITS.clientFrameBytes);
    }
    expect(sent.flatMap(({ items }) => items)).toEqual(parts);
  });

  it("has no more reports under way than its window, and goes on as they are answered", async () => {
    const { outbox, sent } = makeOutbox({ reportWindow: 2 });
    outbox.emit(manyEnds(4 * LIMITS.reportItems));
    await until(() => sent.length === 2, "two reports");
    await rest();
    expect(sent).toHaveLength(2);
    outbox.answered(sent[0]?.seq ?? 0);
    await until(() => sent.length === 3, "the third");
    outbox.answered(sent[1]?.seq ?? 0);
    outbox.answered(sent[2]?.seq ?? 0);
    await until(() => sent.length === 4, "the fourth");
    outbox.answered(sent[3]?.seq ?? 0);
    expect(outbox.empty).toBe(true);
    expect(sent.flatMap(({ items }) => items)).toEqual(manyEnds(4 * LIMITS.reportItems));
  });

  it("numbers reports one by one", async () => {
    const { outbox, sent } = makeOutbox();
    outbox.emit(manyEnds(3 * LIMITS.reportItems));
    await until(() => sent.length === 3, "three reports");
    const first = sent[0]?.seq ?? 0;
    expect(sent.map(({ seq }) => seq)).toEqual([first, first + 1, first + 2]);
  });

  it("makes no report without a connection, and one of all once there is one", async () => {
    const { outbox, sent, connection, recorder } = makeOutbox({ gatherMs: 1 });
    connection.epoch = null;
    outbox.emit([succeeded(1)]);
    await rest(10);
    outbox.emit([succeeded(2)]);
    await rest(10);
    expect(recorder.state.unanswered.size).toBe(0);
    connection.epoch = 2;
    outbox.transmit();
    await until(() => sent.length === 1, "the report");
    expect(sent[0]).toMatchObject({ epoch: 2, items: [succeeded(1), succeeded(2)] });
  });

  it("carries a report over once to each connection", async () => {
    const { outbox, sent, connection } = makeOutbox({ idle: true });
    outbox.emit([succeeded(1)]);
    await until(() => sent.length === 1, "the report");
    outbox.transmit();
    outbox.transmit();
    expect(sent).toHaveLength(1);
    connection.epoch = 2;
    outbox.transmit();
    outbox.transmit();
    expect(sent.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(outbox.reportsResent).toBe(1);
  });

  it("does not mind an answer to a report that it does not know", () => {
    const { outbox } = makeOutbox();
    outbox.answered(4_711);
    expect(outbox.empty).toBe(true);
  });
});

describe("a drain of the outbox", () => {
  /** A drain, and whether it is over. */
  function drain(outbox: Outbox) {
    const drained = { isOver: false };
    void outbox.drain().then(() => {
      drained.isOver = true;
    });
    return drained;
  }

  it("waits for the last answer", async () => {
    const { outbox, sent } = makeOutbox();
    outbox.emit([succeeded(1)]);
    const drained = drain(outbox);
    await until(() => sent.length === 1, "the report");
    await rest();
    expect(drained.isOver).toBe(false);
    outbox.answered(sent[0]?.seq ?? 0);
    await until(() => drained.isOver, "the drain");
  });

  it("does not wait for a connection", async () => {
    const { outbox, sent, connection } = makeOutbox();
    outbox.emit([succeeded(1)]);
    const drained = drain(outbox);
    connection.epoch = null;
    await until(() => drained.isOver, "the drain");
    await rest();
    expect(sent).toEqual([]);
  });

  it("does not wait for ever", async () => {
    const { outbox } = makeOutbox({ drainMs: 40 });
    outbox.emit([succeeded(1)]);
    const drained = drain(outbox);
    await until(() => drained.isOver, "the drain");
    expect(outbox.empty).toBe(false);
  });
});
