/** Takes features in their order. What is not finite counts as 0, so that no track can poison the network. */
export class FeatureWriter {
  readonly #out: Float32Array;
  #next = 0;

  constructor(out: Float32Array) {
    this.#out = out;
  }

  put(value: number): void {
    this.#out[this.#next] = Number.isFinite(value) ? value : 0;
    this.#next += 1;
  }

  get written(): number {
    return this.#next;
  }
}
