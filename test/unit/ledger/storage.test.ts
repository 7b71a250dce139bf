import { beforeEach, describe, expect, test } from "vitest";
import { BUCKET_MS, LedgerBook } from "../../../durable-objects/ledger/book.ts";
import { RECORD_LIFETIME_MS } from "../../../durable-objects/ledger/rpc.ts";
import {
  LedgerStorage,
  MAX_SEGMENT_RECORDS,
  SPARE_SLOTS,
} from "../../../durable-objects/ledger/storage.ts";
import { NodeSql } from "../../builders/node-sql.ts";
import { aRecord, B, keyOf, PARTNER } from "./builders.ts";

const entry = (n: number, madeAt = 0) => ({
  key: keyOf(n),
  record: aRecord({ expiresAt: madeAt + RECORD_LIFETIME_MS }),
});

describe("the store of a shard", () => {
  let sql: NodeSql;
  let storage: LedgerStorage;
  /** Rows that the schema took. */
  let before: number;

  beforeEach(() => {
    sql = new NodeSql();
    storage = reopened();
    storage.load(0);
    before = storage.rowsWritten;
  });

  function reopened(): LedgerStorage {
    const opened = new LedgerStorage(sql);
    opened.migrate();
    return opened;
  }

  test("gives back what was written, in its order and whole", () => {
    const changed = {
      key: keyOf(1),
      record: aRecord({ attempt: B, solo: true, owedTo: [PARTNER] }),
    };
    storage.append([entry(1), entry(2)], 0);
    storage.append([changed], 1);
    expect(reopened().load(2)).toEqual([entry(1), entry(2), changed]);
  });

  test("takes one row for all records of a commit", () => {
    storage.append(
      Array.from({ length: 500 }, (_, n) => entry(n)),
      0,
    );
    expect(storage.rowsWritten - before).toBe(1);
  });

  test("never makes a row larger than a row may be", () => {
    const many = Array.from({ length: MAX_SEGMENT_RECORDS + 1 }, (_, n) => entry(n));
    storage.append(many, 0);
    expect(storage.rowsWritten - before).toBe(2);
    expect(reopened().load(0)).toEqual(many);
  });

  test("writes over rows that have ended, so that forgetting costs none", () => {
    for (let n = 0; n < 5; n += 1) storage.append([entry(n, n)], n);
    const later = RECORD_LIFETIME_MS + 4;
    for (let n = 5; n < 10; n += 1) storage.append([entry(n, later)], later);
    expect(storage.rowsWritten - before).toBe(10);
    expect(sql.exec("SELECT count(*) AS rows FROM segments").toArray()).toEqual([{ rows: 5 }]);
    expect(
      reopened()
        .load(later)
        .map(({ key }) => key),
    ).toEqual([5, 6, 7, 8, 9].map(keyOf));
  });

  test("goes on after the newest row when it is opened again", () => {
    storage.append([entry(1)], 0);
    const again = reopened();
    again.load(0);
    again.append([{ key: keyOf(1), record: aRecord({ attempt: B }) }], 0);
    expect(reopened().load(0).at(-1)?.record.attempt).toBe(B);
  });

  test.for([
    [SPARE_SLOTS, SPARE_SLOTS],
    [SPARE_SLOTS + 1, 0],
  ] as const)("keeps of %d rows that ended %d", ([rows, kept]) => {
    for (let n = 0; n < rows; n += 1) storage.append([entry(n)], 0);
    storage.dropSpareSlots();
    expect(sql.exec("SELECT slot FROM segments").toArray()).toHaveLength(kept);
    storage.append([entry(1, RECORD_LIFETIME_MS)], RECORD_LIFETIME_MS);
    expect(reopened().load(RECORD_LIFETIME_MS)).toEqual([entry(1, RECORD_LIFETIME_MS)]);
  });
});

describe("the book of a shard", () => {
  test("forgets records by spans of time", () => {
    const book = new LedgerBook();
    book.set(keyOf(1), aRecord({ expiresAt: BUCKET_MS }));
    book.set(keyOf(2), aRecord({ expiresAt: BUCKET_MS + 1 }));
    expect(book.nextEnd).toBe(BUCKET_MS);
    book.sweep(BUCKET_MS);
    expect([book.get(keyOf(1)), book.size, book.nextEnd]).toEqual([null, 1, 2 * BUCKET_MS]);
    book.sweep(2 * BUCKET_MS);
    expect([book.size, book.nextEnd]).toEqual([0, null]);
  });

  test("keeps a key once, wherever its end moves", () => {
    const book = new LedgerBook();
    book.set(keyOf(1), aRecord({ expiresAt: 1 }));
    book.set(keyOf(1), aRecord({ attempt: B, expiresAt: 3 * BUCKET_MS }));
    expect(book.size).toBe(1);
    expect(book.get(keyOf(1))?.attempt).toBe(B);
  });

  test("knows what is owed to whom while it counts, in bounded parts", () => {
    const book = new LedgerBook();
    for (const n of [1, 2, 3]) book.set(keyOf(n), aRecord({ solo: true, owedTo: [PARTNER] }));
    expect(book.owed(0, 2).get(PARTNER)).toHaveLength(2);
    for (const n of [1, 2]) book.set(keyOf(n), aRecord({ solo: true }));
    expect(
      book
        .owed(0, 2)
        .get(PARTNER)
        ?.map(({ key }) => key),
    ).toEqual([keyOf(3)]);
    expect(book.owesAnything(0)).toBe(true);
    expect(book.owesAnything(RECORD_LIFETIME_MS)).toBe(false);
  });
});
