import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { aRecording } from "../../builders/registry.ts";
import { exported, offer, type RecorderStub, recording, rowsOf, stored } from "./recorders.ts";

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const onStorage = (recorder: RecorderStub, statement: string) =>
  runInDurableObject(recorder, (_, { storage }) => {
    storage.sql.exec(statement);
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.UTC(2027, 0, 1, 12, 30));
  vi.spyOn(console, "error").mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("what a site's recorder keeps", () => {
  test("is erased by its alarm before its days are over, also after a sleep", async () => {
    const recorder = await recording({ days: 7 });
    await offer(recorder, 1);
    await exported(recorder);
    expect((await stored(recorder)).alarmAt).toBe(Date.UTC(2027, 0, 8, 12));
    pass(7 * DAY_MS - 30 * 60_000 - 1);
    await runDurableObjectAlarm(recorder);
    expect(await exported(recorder)).toHaveLength(1);
    await evictDurableObject(recorder);
    pass(1);
    expect(await runDurableObjectAlarm(recorder)).toBe(true);
    expect(await rowsOf(recorder)).toEqual([]);
    expect((await stored(recorder)).alarmAt).toBeNull();
  });

  test("is erased hour by hour: the alarm stands for what is left", async () => {
    const recorder = await recording({ days: 1 });
    await offer(recorder, 1);
    await exported(recorder);
    pass(5 * HOUR_MS);
    await offer(recorder, 2);
    await exported(recorder);
    pass(19 * HOUR_MS);
    expect(await runDurableObjectAlarm(recorder)).toBe(true);
    expect(await exported(recorder)).toHaveLength(1);
    expect((await stored(recorder)).alarmAt).toBe(Date.UTC(2027, 0, 2, 17));
    pass(5 * HOUR_MS);
    expect(await runDurableObjectAlarm(recorder)).toBe(true);
    expect(await exported(recorder)).toEqual([]);
  });

  test("ends sooner when its owner wants fewer days, and later when more", async () => {
    const recorder = await recording({ days: 7 });
    await offer(recorder, 1);
    await exported(recorder);
    pass(2 * DAY_MS);
    await recorder.follow(2, aRecording({ days: 3 }));
    expect(await exported(recorder)).toHaveLength(1);
    expect((await stored(recorder)).alarmAt).toBe(Date.UTC(2027, 0, 4, 12));
    await recorder.follow(3, aRecording({ days: 30 }));
    pass(1.5 * DAY_MS);
    await runDurableObjectAlarm(recorder);
    expect(await exported(recorder)).toHaveLength(1);
    expect((await stored(recorder)).alarmAt).toBe(Date.UTC(2027, 0, 31, 12));
    await recorder.follow(4, aRecording({ days: 1 }));
    expect(await exported(recorder)).toEqual([]);
  });

  test("is erased in the end although its storage failed, more often than the platform tries", async () => {
    const recorder = await recording({ days: 1 });
    await offer(recorder, 1);
    await exported(recorder);
    await onStorage(
      recorder,
      "CREATE TRIGGER broken BEFORE DELETE ON batches BEGIN SELECT RAISE(ABORT, 'broken'); END",
    );
    pass(2 * DAY_MS);
    for (let failure = 1; failure <= 7; failure += 1) {
      expect(await runDurableObjectAlarm(recorder), `alarm ${failure}`).toBe(true);
    }
    await onStorage(recorder, "DROP TRIGGER broken");
    expect(await runDurableObjectAlarm(recorder)).toBe(true);
    expect(await rowsOf(recorder)).toEqual([]);
  });
});

test("a movement that cannot be written is lost, and the next is kept", async () => {
  const recorder = await recording();
  await onStorage(
    recorder,
    "CREATE TRIGGER broken BEFORE INSERT ON batches BEGIN SELECT RAISE(ABORT, 'broken'); END",
  );
  await offer(recorder, 1);
  expect(await exported(recorder)).toEqual([]);
  await onStorage(recorder, "DROP TRIGGER broken");
  await offer(recorder, 2);
  expect(await exported(recorder)).toHaveLength(1);
});
