interface Node<Value> {
  readonly key: string;
  value: Value;
  bytes: number;
  newer: Node<Value> | null;
  older: Node<Value> | null;
}

/**
 * Values by key, bounded by the bytes that the caller says they take: what was used longest ago goes first.
 * A linked list keeps the order, so that a hit moves pointers and allocates nothing.
 */
export class ByteBoundedLru<Value> {
  readonly #maxBytes: number;
  readonly #nodes = new Map<string, Node<Value>>();
  #newest: Node<Value> | null = null;
  #oldest: Node<Value> | null = null;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#nodes.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The value of a key, which becomes the one used last. */
  get(key: string): Value | undefined {
    const node = this.#nodes.get(key);
    if (node === undefined) return undefined;
    if (node !== this.#newest) {
      this.#unlink(node);
      this.#linkNewest(node);
    }
    return node.value;
  }

  /** Sets a value, which becomes the one used last. One that is larger than the bound is not kept. */
  set(key: string, value: Value, bytes: number): void {
    this.delete(key);
    if (bytes > this.#maxBytes) return;
    const node: Node<Value> = { key, value, bytes, newer: null, older: null };
    this.#nodes.set(key, node);
    this.#linkNewest(node);
    this.#bytes += bytes;
    while (this.#bytes > this.#maxBytes && this.#oldest !== null) this.delete(this.#oldest.key);
  }

  delete(key: string): void {
    const node = this.#nodes.get(key);
    if (node === undefined) return;
    this.#nodes.delete(key);
    this.#unlink(node);
    this.#bytes -= node.bytes;
  }

  /** Keys from the one used last to the one used longest ago. */
  *keys(): Generator<string> {
    for (let node = this.#newest; node !== null; node = node.older) yield node.key;
  }

  #linkNewest(node: Node<Value>): void {
    node.older = this.#newest;
    node.newer = null;
    if (this.#newest !== null) this.#newest.newer = node;
    this.#newest = node;
    this.#oldest ??= node;
  }

  #unlink(node: Node<Value>): void {
    if (node.newer === null) this.#newest = node.older;
    else node.newer.older = node.older;
    if (node.older === null) this.#oldest = node.newer;
    else node.older.newer = node.newer;
  }
}
