/** What can be kept. */
export interface Kept {
  /** About how much memory it takes. */
  readonly bytes: number;
  /** Asked for since room was last looked for here; the cache's own mark. */
  used: boolean;
}

/**
 * Values by key, bounded by the bytes that they say they take. When there is no room a hand goes round: it
 * drops what nobody has asked for since it last came by, and gives the rest another round ("clock", Corbató,
 * "A paging experiment with the Multics system", 1968). That comes close to dropping what was used longest
 * ago, and a hit sets one flag and moves nothing: with 70,000 values, moving one in a list means waiting for
 * the memory of its neighbours.
 */
export class ByteBoundedCache<Value extends Kept> {
  readonly #maxBytes: number;
  readonly #values = new Map<string, Value>();
  /** Goes from the oldest key to the newest; keys that are added meanwhile come last. */
  #hand = this.#values.keys();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#values.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The value of a key, which thereby stays for another round. */
  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined && !value.used) value.used = true;
    return value;
  }

  /** Sets a value. One that is larger than the bound is not kept. */
  set(key: string, value: Value): void {
    this.delete(key);
    if (value.bytes > this.#maxBytes) return;
    while (this.#bytes + value.bytes > this.#maxBytes) this.#moveHand();
    this.#values.set(key, value);
    this.#bytes += value.bytes;
  }

  delete(key: string): void {
    this.#bytes -= this.#values.get(key)?.bytes ?? 0;
    this.#values.delete(key);
  }

  /** Keys, oldest first. */
  keys(): IterableIterator<string> {
    return this.#values.keys();
  }

  /** One step of the hand. Two rounds at most make room: the first clears every mark. */
  #moveHand(): void {
    const { done, value: key = "" } = this.#hand.next();
    const value = this.#values.get(key);
    if (done) this.#hand = this.#values.keys();
    else if (value?.used) value.used = false;
    else this.delete(key);
  }
}
