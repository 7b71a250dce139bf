import { describe, expect, it } from "vitest";
import { NEW_RECORD, PAGE_TASKS, type TaskRecord } from "../../../durable-objects/client/record.ts";
import { RecordPages } from "../../../durable-objects/client/record-pages.ts";
import { aSegment } from "../../builders/segments.ts";

const SEGMENT = aSegment({ count: 3 * PAGE_TASKS, createdAt: 1_000 });
const ENDED: TaskRecord = { ...NEW_RECORD, state: "succeeded", attempt: 1, endedAt: 5_000 };
const indexesOf = (pages: readonly { readonly page: number }[]) => pages.map(({ page }) => page);

describe("the pages of delivery records", () => {
  it("hold nothing but new records until one is written", () => {
    const pages = new RecordPages([], []);
    expect(pages.record(SEGMENT, 7)).toEqual(NEW_RECORD);
    expect(pages.state(7)).toBe("queued");
    expect(pages.view(0)).toBeUndefined();
  });

  it("give back what was written, of that task alone", () => {
    const pages = new RecordPages([], []);
    pages.write(SEGMENT, PAGE_TASKS + 7, ENDED, "now");
    expect(pages.record(SEGMENT, PAGE_TASKS + 7)).toEqual(ENDED);
    expect(pages.state(PAGE_TASKS + 7)).toBe("succeeded");
    expect(pages.record(SEGMENT, 7)).toEqual(NEW_RECORD);
    expect(pages.record(SEGMENT, PAGE_TASKS + 8)).toEqual(NEW_RECORD);
  });

  it("name each page that must be stored once", () => {
    const pages = new RecordPages([], []);
    for (const ordinal of [0, 1, PAGE_TASKS]) pages.write(SEGMENT, ordinal, ENDED, "now");
    expect(indexesOf(pages.takeDirty())).toEqual([0, 1]);
    expect(pages.takeDirty()).toEqual([]);
  });

  it("put a page off that may wait, until all is asked for or it must be stored anyway", () => {
    const pages = new RecordPages([], []);
    pages.write(SEGMENT, 0, ENDED, "later");
    pages.write(SEGMENT, PAGE_TASKS, ENDED, "later");
    expect(pages.takeDirty("now")).toEqual([]);
    pages.write(SEGMENT, 1, ENDED, "now");
    expect(indexesOf(pages.takeDirty("now"))).toEqual([0]);
    expect(indexesOf(pages.takeDirty("later"))).toEqual([1]);
    expect(pages.takeDirty("later")).toEqual([]);
  });

  it("let a page go when every task of it has ended, and remember that they have", () => {
    const pages = new RecordPages([], [2]);
    const full = pages.write(SEGMENT, 0, ENDED, "now");
    const other = pages.write(SEGMENT, PAGE_TASKS, ENDED, "now");
    full.ended = PAGE_TASKS;
    other.ended = PAGE_TASKS - 1;
    pages.closeFull();
    const isClosed = [0, PAGE_TASKS, 2 * PAGE_TASKS].map((ordinal) => pages.isClosed(ordinal));
    expect(isClosed).toEqual([true, false, true]);
    expect(pages.view(0)).toBeUndefined();
    expect(pages.view(1)).toBe(other.view);
  });
});
