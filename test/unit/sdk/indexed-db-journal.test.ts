import "fake-indexeddb/auto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { indexedDbJournal } from "../../../packages/sdk/src/journal/indexed-db-journal.ts";
import { JournalLockedError } from "../../../packages/sdk/src/journal/journal.ts";
import { snapshotRecords } from "../../../packages/sdk/src/journal/journal-state.ts";
import type { JournalRecord } from "../../../packages/sdk/src/journal/record.ts";
import { happenings, recordsOf, replay } from "./builders/histories.ts";

const reported = (seq: number): JournalRecord => ({ type: "reported", seq });

async function read(name: string): Promise<readonly JournalRecord[]> {
  const journal = indexedDbJournal(name);
  const { records } = await journal.open();
  await journal.close();
  return records;
}

describe("a journal in IndexedDB", () => {
  it("gives back what was written, in order, over restarts", async () => {
    const name = crypto.randomUUID();
    for (const seq of [1, 2, 3]) {
      const journal = indexedDbJournal(name);
      await journal.open();
      journal.append(reported(seq));
      await journal.close();
    }
    expect(await read(name)).toEqual([1, 2, 3].map(reported));
  });

  it("keeps journals of other names apart", async () => {
    const journal = indexedDbJournal(crypto.randomUUID());
    await journal.open();
    journal.append(reported(1));
    await journal.sync();
    expect(await read(crypto.randomUUID())).toEqual([]);
    await journal.close();
  });

  it("loses what was never flushed, and nothing else", async () => {
    const name = crypto.randomUUID();
    const journal = indexedDbJournal(name);
    await journal.open();
    journal.append(reported(1));
    await journal.flush();
    journal.append(reported(2));
    const other = await new Promise<number>((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => {
        const store = opening.result.transaction("records").objectStore("records");
        const counting = store.count();
        counting.onsuccess = () => resolve(counting.result);
      };
    });
    expect(other).toBe(1);
    await journal.close();
  });

  it("can be replaced by a snapshot at any time", async () => {
    await fc.assert(
      fc.asyncProperty(happenings, happenings, async (early, late) => {
        const name = crypto.randomUUID();
        const records = recordsOf([...early, ...late]);
        const cut = recordsOf(early).length;
        const journal = indexedDbJournal(name);
        await journal.open();
        for (const [index, record] of records.slice(0, cut).entries()) {
          journal.append(record);
          // Some entries are stored when the snapshot comes, and some still wait.
          if (index === cut >> 1) await journal.flush();
        }
        const replacing = journal.replace(snapshotRecords(replay(records.slice(0, cut))));
        for (const record of records.slice(cut)) journal.append(record);
        await replacing;
        await journal.close();
        expect(replay(await read(name))).toEqual(replay(records));
      }),
      { numRuns: 25 },
    );
  });

  it.runIf("locks" in navigator)("is taken by one tab at a time", async () => {
    const name = crypto.randomUUID();
    const first = indexedDbJournal(name);
    await first.open();
    await expect(indexedDbJournal(name).open()).rejects.toThrow(JournalLockedError);
    await first.close();
    expect(await read(name)).toEqual([]);
  });
});
