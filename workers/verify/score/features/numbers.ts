/** The value at an index; 0 beyond the ends, which the callers' loops never reach. */
export function at(values: Float64Array | Uint16Array, index: number): number {
  return values[index] ?? 0;
}

/** A ratio that is 0 where there is nothing to divide by. */
export function ratio(part: number, whole: number): number {
  return whole > 0 ? part / whole : 0;
}

/** Logarithm to base 2 of one more than a quantity, so that 0 stays 0. */
export function log1p2(value: number): number {
  return Math.log2(1 + Math.max(0, value));
}

/** Running sums of pairs, for their correlation in one pass. */
export class Pairs {
  #n = 0;
  #a = 0;
  #b = 0;
  #aa = 0;
  #bb = 0;
  #ab = 0;

  add(a: number, b: number): void {
    this.#n += 1;
    this.#a += a;
    this.#b += b;
    this.#aa += a * a;
    this.#bb += b * b;
    this.#ab += a * b;
  }

  /** Pearson's correlation, −1 to 1; 0 where one side does not vary. */
  correlation(): number {
    const va = this.#aa - (this.#a * this.#a) / this.#n;
    const vb = this.#bb - (this.#b * this.#b) / this.#n;
    const product = va * vb;
    if (!(va > 1e-9 && vb > 1e-9)) return 0;
    return (this.#ab - (this.#a * this.#b) / this.#n) / Math.sqrt(product);
  }
}
