import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { FLUSH_AFTER_MS } from "../../../durable-objects/recorder/line-buffer.ts";
import { RECORDING_LIMITS } from "../../../durable-objects/recorder/rpc.ts";
import { aJudgedTrack } from "../../builders/recorded.ts";
import { aRecording } from "../../builders/registry.ts";
import { exported, freshRecorder, offer, recording, rowsOf, stored } from "./recorders.ts";

const NOTHING = { tables: [], alarmAt: null };

describe("a recorder that was told nothing", () => {
  test("takes nothing, shows nothing, and stores nothing", async () => {
    const recorder = freshRecorder();
    expect(await offer(recorder, 1)).toBe("off");
    await recorder.erase();
    await recorder.follow(3, null);
    expect(await exported(recorder)).toEqual([]);
    expect(await stored(recorder)).toEqual(NOTHING);
  });
});

describe("a recorder that is told to record", () => {
  test("keeps movements under its site's label and name, oldest first", async () => {
    const recorder = await recording({ label: "script", source: "honeypot" });
    expect(await offer(recorder, 1, 2)).toBe("taken");
    const points = (seed: number) => aJudgedTrack(seed).points;
    expect(await exported(recorder)).toMatchObject([
      { src: "honeypot", label: 0, family: "script-mouse", verdict: "pass", pts: points(1) },
      { src: "honeypot", label: 0, family: "script-mouse", verdict: "pass", pts: points(2) },
    ]);
  });

  test("names the site where its owner gives no name", async () => {
    const recorder = await recording({ source: null });
    await offer(recorder, 1);
    const [line] = await exported(recorder);
    expect(line).toMatchObject({ src: expect.stringMatching(/^[0-9a-z]{20}$/) });
  });

  test("writes one row for those of some seconds, by itself, and knows them after a sleep", async () => {
    const recorder = await recording();
    await offer(recorder, 1, 2, 3);
    expect(await rowsOf(recorder)).toEqual([]);
    await scheduler.wait(FLUSH_AFTER_MS + 500);
    const rows = await rowsOf(recorder);
    expect(rows).toMatchObject([{ seq: 1, count: 3 }]);
    await evictDurableObject(recorder);
    expect(await offer(recorder, 4)).toBe("taken");
    expect(await exported(recorder)).toHaveLength(4);
  });

  test("stores no time but the hour, and every name is one of the training's", async () => {
    const recorder = await recording();
    await offer(recorder, 1);
    const [line] = await exported(recorder);
    expect(Object.keys(line ?? {})).toEqual([
      "id",
      "src",
      "label",
      "family",
      "verdict",
      "score",
      "reasons",
      "pts",
    ]);
    const [row] = await rowsOf(recorder);
    expect(Object.keys(row ?? {})).toEqual(["seq", "hour", "count", "body"]);
    expect(row?.hour).toBeCloseTo(Date.now() / 3600_000, -1);
  });

  test("keeps so many and no more, also after a sleep", async () => {
    const recorder = await recording();
    const missing = 2;
    await runInDurableObject(recorder, (_, { storage }) => {
      const count = RECORDING_LIMITS.tracks - missing;
      const hour = Math.floor(Date.now() / 3600_000);
      storage.sql.exec("INSERT INTO batches (hour, count, body) VALUES (?, ?, '{}')", hour, count);
    });
    await evictDurableObject(recorder);
    expect(await offer(recorder, 1, 2)).toBe("taken");
    expect(await offer(recorder, 3)).toBe("full");
    await exported(recorder);
    await evictDurableObject(recorder);
    expect(await offer(recorder, 3)).toBe("full");
    await recorder.erase();
    expect(await offer(recorder, 3)).toBe("taken");
  });

  test("gives pages that follow each other, and refuses a cursor that is none", async () => {
    const recorder = await recording();
    await offer(recorder, 1, 2);
    await exported(recorder);
    await offer(recorder, 3, 4, 5);
    const whole = await exported(recorder);
    const paged: unknown[] = [];
    let cursor: string | null = null;
    do {
      const page = await recorder.tracks({ cursor, limit: 2 });
      if (!page.ok) throw new Error(page.error.code);
      expect(page.value.items.length).toBeLessThanOrEqual(2);
      paged.push(...page.value.items.map((line) => JSON.parse(line)));
      cursor = page.value.cursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
    expect(await recorder.tracks({ cursor: "x", limit: 2 })).toMatchObject({
      ok: false,
      error: { code: "invalid_cursor" },
    });
  });

  test("follows the newest version of its site, whichever comes last", async () => {
    const recorder = await recording();
    await recorder.follow(5, aRecording({ label: "script" }));
    await recorder.follow(4, aRecording({ label: "human" }));
    await recorder.follow(4, null);
    await offer(recorder, 1);
    await evictDurableObject(recorder);
    await recorder.follow(3, null);
    await offer(recorder, 2);
    expect((await exported(recorder)).map(({ label }) => label)).toEqual([0, 0]);
  });
});

describe("a recorder that is told to erase", () => {
  test("has nothing left, written or not, and goes on", async () => {
    const recorder = await recording();
    await offer(recorder, 1);
    await exported(recorder);
    await offer(recorder, 2);
    await recorder.erase();
    expect(await exported(recorder)).toEqual([]);
    await offer(recorder, 3);
    expect(await exported(recorder)).toHaveLength(1);
  });
});

describe("a recorder that is told to end", () => {
  test("has no movement, no table and no alarm left, and writes nothing later", async () => {
    const recorder = await recording();
    await offer(recorder, 1);
    await exported(recorder);
    await offer(recorder, 2);
    expect((await stored(recorder)).alarmAt).not.toBeNull();
    await recorder.follow(2, null);
    expect(await stored(recorder)).toEqual(NOTHING);
    await scheduler.wait(FLUSH_AFTER_MS + 500);
    expect(await offer(recorder, 3)).toBe("off");
    await evictDurableObject(recorder);
    expect(await offer(recorder, 4)).toBe("off");
    expect(await stored(recorder)).toEqual(NOTHING);
  });

  test("begins anew with nothing when it is told to record again", async () => {
    const recorder = await recording();
    await offer(recorder, 1);
    await recorder.follow(2, null);
    await recorder.follow(3, aRecording());
    await offer(recorder, 2);
    expect(await exported(recorder)).toHaveLength(1);
  });
});
