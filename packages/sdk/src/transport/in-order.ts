/**
 * Hands on what is numbered from 1 in the order of its numbers, however it arrives: an ack speaks for all
 * batches before it, so none may be taken ahead of another.
 */
export class InOrder<Item> {
  readonly #take: (item: Item) => void;
  readonly #early = new Map<number, Item>();
  #next = 1;

  constructor(take: (item: Item) => void) {
    this.#take = take;
  }

  /** Takes an item. One whose number has passed is handed on at once: it is outside the order. */
  take(seq: number, item: Item): void {
    if (seq < this.#next) {
      this.#take(item);
      return;
    }
    this.#early.set(seq, item);
    for (;;) {
      const due = this.#early.get(this.#next);
      if (due === undefined) return;
      this.#early.delete(this.#next);
      this.#next += 1;
      this.#take(due);
    }
  }
}
