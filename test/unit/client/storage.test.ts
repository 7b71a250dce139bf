import { describe, expect, it } from "vitest";
import { PAGE_BYTES, PAGE_TASKS } from "../../../durable-objects/client/record.ts";
import { type Identity, NEW_LINK, Storage } from "../../../durable-objects/client/storage.ts";
import { clientStorage } from "../../builders/client-storage.ts";
import { NodeSql } from "../../builders/node-sql.ts";
import { aSegment } from "../../builders/segments.ts";

const IDENTITY: Identity = {
  account: "ac_tests" as Identity["account"],
  client: "cl_tests" as Identity["client"],
  name: "machine",
  labels: ["lab"],
  facts: { os: "linux" },
  tokenHash: "a".repeat(64),
  oldToken: { hash: "b".repeat(64), untilMs: 9 },
  enrolledAt: 1,
  revokedAt: 2,
  deletedAt: 3,
  paused: true,
  expiresAt: 4,
};
const LINK = {
  epoch: 7,
  agent: "agent/1",
  connectedAt: 1,
  lastSeenAt: 2,
  takeovers: [1, 2],
  cloneSuspectedAt: 3,
};
const aPage = (page: number, ended: number) => ({
  page,
  ended,
  view: new DataView(new ArrayBuffer(PAGE_BYTES)),
});

/** Four pages of tasks, of which the first, the second and the last are closed. */
function fourPages(): Storage {
  const storage = clientStorage();
  for (let page = 0; page < 4; page += 1) {
    const segment = aSegment({ first: page * PAGE_TASKS, count: PAGE_TASKS });
    storage.segments.save(segment, { lines: "", keys: null });
    if (page !== 2) storage.pages.save(aPage(page, PAGE_TASKS));
  }
  return storage;
}

describe("the storage of a client", () => {
  it("is not there before the client is enrolled", () => {
    const storage = new Storage(new NodeSql());
    expect(storage.exists).toBe(false);
    storage.migrate();
    expect(storage.exists).toBe(true);
  });

  it("keeps who the client is, all of it and what is not set", () => {
    const { identity } = clientStorage();
    const unset = { oldToken: null, revokedAt: null, deletedAt: null, expiresAt: null };
    expect(identity.load()).toBeNull();
    for (const saved of [IDENTITY, { ...IDENTITY, ...unset, paused: false }]) {
      identity.save(saved);
      expect(identity.load()).toEqual(saved);
    }
  });

  it("keeps the newest link, and has a new one before the first connection", () => {
    const { link } = clientStorage();
    expect(link.load()).toEqual(NEW_LINK);
    for (const saved of [LINK, { ...LINK, ...NEW_LINK, epoch: 8 }]) {
      link.save(saved);
      expect(link.load()).toEqual(saved);
    }
  });

  it("gives back what may be unfinished: from the first page on that is not closed", () => {
    const { segments, pages, closedPages, next } = fourPages().loadBook();
    expect(segments.map(({ first }) => first)).toEqual([2 * PAGE_TASKS, 3 * PAGE_TASKS]);
    expect(pages).toEqual([]);
    expect(closedPages).toEqual([0, 1, 3]);
    expect(next).toBe(4 * PAGE_TASKS);
  });

  it("gives back the pages that are open, as they were stored last", () => {
    const storage = fourPages();
    const page = aPage(2, 5);
    page.view.setUint8(17, 200);
    storage.pages.save(aPage(2, 4));
    storage.pages.save(page);
    expect(storage.loadBook().pages).toEqual([page]);
    expect(storage.pages.at(2)).toEqual(page);
    expect(storage.pages.at(4)).toBeNull();
  });

  it("erases tasks with all that was kept of them, and nothing of the others", () => {
    const storage = fourPages();
    storage.history.save({ seq: 1, low: 0, high: PAGE_TASKS - 1, body: "[]" }, 1);
    storage.history.save({ seq: 2, low: 0, high: PAGE_TASKS, body: "[]" }, 1);
    storage.eraseBelow(PAGE_TASKS);
    expect(storage.segments.at(0)).toBeNull();
    expect(storage.segments.oldest()).toBe(PAGE_TASKS);
    expect([0, 1].map((page) => storage.pages.at(page) !== null)).toEqual([false, true]);
    expect([...storage.history.of(0, 0, 10)].map(({ seq }) => seq)).toEqual([2]);
  });

  it("erases all but who the client is", () => {
    const storage = fourPages();
    storage.identity.save(IDENTITY);
    storage.link.save(LINK);
    storage.erase();
    const nothing = { segments: [], pages: [], closedPages: [], next: 0 };
    expect(storage.loadBook()).toEqual(nothing);
    expect(storage.link.load()).toEqual(NEW_LINK);
    expect(storage.identity.load()).toEqual(IDENTITY);
  });

  it("counts the rows that are written, and none for reading", () => {
    const storage = clientStorage();
    const before = storage.rowsWritten;
    storage.link.save(LINK);
    storage.link.load();
    storage.loadBook();
    expect(storage.rowsWritten - before).toBe(1);
  });
});
