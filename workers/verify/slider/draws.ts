import type { RandomBytes } from "../../keys/mint-key.ts";

/** Bytes asked for at a time: a picture takes one or two portions. */
const PORTION_BYTES = 1024;
const RANGE = 2 ** 32;

/**
 * Numbers drawn straight from the random bytes. Everything that decides where things are comes from here and
 * from no generator: a generator's state could be worked back from what it draws, and with it the hole.
 */
export class Draws {
  readonly #random: RandomBytes;
  #view: DataView;
  #at: number;

  constructor(random: RandomBytes) {
    this.#random = random;
    this.#view = portion(random);
    this.#at = 0;
  }

  /** 32 random bits. */
  bits(): number {
    if (this.#at === PORTION_BYTES) {
      this.#view = portion(this.#random);
      this.#at = 0;
    }
    const bits = this.#view.getUint32(this.#at);
    this.#at += 4;
    return bits;
  }

  /** A number from `low` up to `high`. */
  between(low: number, high: number): number {
    return low + (this.bits() / RANGE) * (high - low);
  }

  /** A whole number from `low` to `high`, both included. Its bias is below one in ten million. */
  whole(low: number, high: number): number {
    return low + Math.floor((this.bits() / RANGE) * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.bits() / RANGE < probability;
  }

  /** −1 or 1. */
  sign(): number {
    return this.chance(0.5) ? 1 : -1;
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }
}

function portion(random: RandomBytes): DataView {
  const bytes = random(PORTION_BYTES);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
