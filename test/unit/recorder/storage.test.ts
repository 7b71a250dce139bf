import { beforeEach, describe, expect, test } from "vitest";
import { RecorderStorage } from "../../../durable-objects/recorder/storage.ts";
import { NodeSql } from "../../builders/node-sql.ts";
import { aRecording } from "../../builders/registry.ts";

describe("the store of a recorder", () => {
  let sql: NodeSql;
  let storage: RecorderStorage;

  beforeEach(() => {
    sql = new NodeSql();
    storage = new RecorderStorage(sql);
    expect(storage.exists).toBe(false);
    storage.migrate();
  });

  const read = (seq = 0, index = 0) => [...storage.linesFrom(seq, index)].map(({ line }) => line);

  test("is there from when it is wanted", () => {
    expect(new RecorderStorage(sql).exists).toBe(true);
  });

  test("knows what its owner wants, the newest alone", () => {
    expect(storage.setting()).toBeNull();
    storage.keepSetting({ version: 1, recording: aRecording() });
    const newest = { version: 2, recording: aRecording({ label: "script", source: null }) };
    storage.keepSetting(newest);
    expect(new RecorderStorage(sql).setting()).toEqual(newest);
  });

  test("writes a row for many lines, and gives them back in order from any place", () => {
    storage.append(5, ["a", "b"]);
    storage.append(6, ["c"]);
    expect([...storage.linesFrom(0, 0)]).toEqual([
      { seq: 1, index: 0, line: "a" },
      { seq: 1, index: 1, line: "b" },
      { seq: 2, index: 0, line: "c" },
    ]);
    expect(read(1, 1)).toEqual(["b", "c"]);
    expect(read(2, 0)).toEqual(["c"]);
    expect(read(2, 1)).toEqual([]);
    expect(read(9, 0)).toEqual([]);
  });

  test("goes on at the next row when the one of a place has been erased", () => {
    storage.append(5, ["a", "b"]);
    storage.append(6, ["c", "d"]);
    storage.eraseThrough(5);
    expect(read(1, 1)).toEqual(["c", "d"]);
  });

  test("counts what it keeps, and erases the hours that have ended", () => {
    expect(storage.kept()).toEqual({ tracks: 0, oldestHour: null });
    storage.append(5, ["a", "b"]);
    storage.append(6, ["c"]);
    storage.append(7, ["d"]);
    expect(storage.kept()).toEqual({ tracks: 4, oldestHour: 5 });
    storage.eraseThrough(6);
    expect(storage.kept()).toEqual({ tracks: 1, oldestHour: 7 });
    storage.eraseAll();
    expect(storage.kept()).toEqual({ tracks: 0, oldestHour: null });
  });
});
