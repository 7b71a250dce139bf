import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { MIGRATIONS } from "../../../durable-objects/recorder/migrations.ts";
import { RecorderStorage } from "../../../durable-objects/recorder/storage.ts";
import { aRecording } from "../../builders/registry.ts";
import { exported, freshRecorder, offer } from "./recorders.ts";

const LINE = JSON.stringify({ id: "old", src: "staff", label: 1, pts: [[0, 0, 0]] });

/** What a recorder held under each version: what its owner wants, and one movement. */
const ROWS_OF_VERSION: readonly ((sql: SqlStorage, hour: number) => void)[] = [
  (sql, hour) => {
    sql.exec("INSERT INTO setting VALUES (1, 3, ?)", JSON.stringify(aRecording()));
    sql.exec("INSERT INTO batches VALUES (1, ?, 1, ?)", hour, LINE);
  },
];

describe("the schema of a recorder", () => {
  test("has rows in this test for each version that ever shipped", () => {
    expect(ROWS_OF_VERSION).toHaveLength(MIGRATIONS.length);
  });

  test.for([...MIGRATIONS.keys()].map((index) => index + 1))(
    "of version %i becomes the newest, and the recorder goes on",
    async (version) => {
      const recorder = freshRecorder();
      await runInDurableObject(recorder, (_, { storage: { sql } }) => {
        new RecorderStorage(sql).migrate(version);
        ROWS_OF_VERSION[version - 1]?.(sql, Math.floor(Date.now() / 3600_000));
      });
      await evictDurableObject(recorder);
      expect(await offer(recorder, 1)).toBe("taken");
      expect(await exported(recorder)).toMatchObject([{ id: "old" }, { src: "staff" }]);
    },
  );

  test("is left alone when it is the newest", async () => {
    await runInDurableObject(freshRecorder(), (_, { storage: { sql } }) => {
      const storage = new RecorderStorage(sql);
      storage.migrate();
      storage.append(1, ["a"]);
      storage.migrate();
      expect(storage.kept()).toEqual({ tracks: 1, oldestHour: 1 });
    });
  });
});
