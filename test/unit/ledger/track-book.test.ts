import { describe, expect, it } from "vitest";
import { RECORD_LIFETIME_MS, type TrackGroup } from "../../../durable-objects/ledger/rpc.ts";
import {
  BOOK_SKETCHES,
  GROUP_SKETCHES,
  TrackBook,
} from "../../../durable-objects/ledger/track-book.ts";
import { sketchTrack } from "../../../workers/verify/replay/index.ts";
import { aMovement } from "../../builders/movements.ts";

const group = (name: string) => name as TrackGroup;
const HERE = [group("here")];
const sketchOf = (seed: number) => sketchTrack({ points: aMovement(seed) }) ?? [];
const seen = (seed: number, seenAt = 0, groups = HERE) => ({
  groups,
  sketch: sketchOf(seed),
  seenAt,
});

describe("a book of movements", () => {
  it("knows a movement in each of the groups that it was seen in, and in no other", () => {
    const book = new TrackBook();
    book.add(seen(1, 0, [group("here"), group("there")]));
    expect(book.has(HERE, sketchOf(1), 1)).toBe(true);
    expect(book.has([group("elsewhere"), group("there")], sketchOf(1), 1)).toBe(true);
    expect(book.has([group("elsewhere")], sketchOf(1), 1)).toBe(false);
    expect(book.has(HERE, sketchOf(2), 1)).toBe(false);
  });

  it("forgets a movement after a record's lifetime, swept or not", () => {
    const book = new TrackBook();
    book.add(seen(1, 0));
    book.add(seen(2, 10));
    expect(book.has(HERE, sketchOf(1), RECORD_LIFETIME_MS)).toBe(false);
    book.sweep(RECORD_LIFETIME_MS);
    expect(book.size).toBe(1);
    expect(book.has(HERE, sketchOf(2), RECORD_LIFETIME_MS)).toBe(true);
    book.sweep(RECORD_LIFETIME_MS + 10);
    expect(book.size).toBe(0);
  });

  it("keeps so many of a group, and forgets the oldest first", () => {
    const book = new TrackBook();
    for (let count = 0; count < GROUP_SKETCHES; count += 1) book.add({ ...seen(0), sketch: [] });
    book.add(seen(1));
    expect(book.size).toBe(GROUP_SKETCHES);
    expect(book.has(HERE, sketchOf(1), 1)).toBe(true);
  });

  it("is bounded in all, at the cost of the largest group", () => {
    const book = new TrackBook();
    book.add(seen(1, 0, [group("small")]));
    for (let count = 0; count < BOOK_SKETCHES + 10; count += 1) {
      book.add({ groups: [group(`g${count % 12}`)], sketch: [], seenAt: 0 });
    }
    expect(book.size).toBeLessThanOrEqual(BOOK_SKETCHES);
    expect(book.has([group("small")], sketchOf(1), 1)).toBe(true);
  });
});
