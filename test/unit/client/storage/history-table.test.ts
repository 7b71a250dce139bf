import { describe, expect, it } from "vitest";
import { historyIdAt } from "../../../../durable-objects/client/storage.ts";
import { clientStorage } from "../../../builders/client-storage.ts";

const NOW = 1_000;
const piece = (seq: number, low: number, high: number, body = `[${seq}]`) => ({
  seq,
  low,
  high,
  body,
});
const FOR_EVER = 1_000_000;

describe("the stored history", () => {
  it("has ids that tell their time and grow with every piece, also when the clock goes back", () => {
    const { history } = clientStorage();
    for (const at of [NOW, NOW, NOW - 500, NOW + 1]) history.save(piece(1, 0, 0), at);
    const ids = [...history.of(0, 0, FOR_EVER)].map(({ id }) => id);
    expect(ids).toEqual([
      historyIdAt(NOW),
      historyIdAt(NOW) + 1,
      historyIdAt(NOW) + 2,
      historyIdAt(NOW + 1),
    ]);
  });

  it("is read for one task, from a piece on and until a time", () => {
    const { history } = clientStorage();
    history.save(piece(1, 0, 5), NOW);
    history.save(piece(2, 6, 9), NOW + 1);
    history.save(piece(3, 5, 7), NOW + 2);
    history.save(piece(4, 5, 5), NOW + 4);
    const seqs = (fromId: number, untilMs: number) =>
      [...history.of(5, fromId, untilMs)].map(({ seq }) => seq);
    expect(seqs(0, FOR_EVER)).toEqual([1, 3, 4]);
    expect(seqs(historyIdAt(NOW + 2), FOR_EVER)).toEqual([3, 4]);
    expect(seqs(0, NOW + 2)).toEqual([1, 3]);
  });

  it("knows the number of the newest report, but not of what the server decided", () => {
    const { history } = clientStorage();
    expect(history.lastReportSeq()).toBe(0);
    for (const seq of [7, 3, 0]) history.save(piece(seq, 0, 0), NOW);
    expect(history.lastReportSeq()).toBe(3);
  });

  it("knows a report again by its number and its content, as far as it is looked for", () => {
    const { history } = clientStorage();
    for (const seq of [1, 2, 3]) history.save(piece(seq, 0, 0), NOW);
    expect(history.hasReport(2, "[2]", 2)).toBe(true);
    expect(history.hasReport(1, "[1]", 2)).toBe(false);
    expect(history.hasReport(2, "[3]", 2)).toBe(false);
    expect(history.hasReport(3, "[2]", 2)).toBe(false);
  });

  it("goes with the last task that it speaks of", () => {
    const { history } = clientStorage();
    history.save(piece(1, 0, 4), NOW);
    history.save(piece(2, 4, 5), NOW);
    history.eraseBelow(5);
    expect([...history.of(4, 0, FOR_EVER)].map(({ seq }) => seq)).toEqual([2]);
  });
});
