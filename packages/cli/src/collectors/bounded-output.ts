import type { Readable } from "node:stream";
import { errorCode } from "./errors.ts";
import { OutputLines } from "./output-lines.ts";
import type { RowBuffer } from "./row-buffer.ts";

/** How much of a program's output is taken, of all its streams together. */
export interface OutputBounds {
  readonly maxLines: number;
  readonly maxBytes: number;
}

/** Turns a program's output into rows `{stream, line}` until a bound is met. */
export class BoundedOutput {
  readonly #rows: RowBuffer;
  readonly #onBound: () => void;
  #linesLeft: number;
  #bytesLeft: number;
  #truncated = false;
  #writing = 0;

  /** @param onBound called when a bound is met: there is no use in running on */
  constructor(bounds: OutputBounds, rows: RowBuffer, onBound: () => void) {
    this.#rows = rows;
    this.#onBound = onBound;
    this.#linesLeft = bounds.maxLines;
    this.#bytesLeft = bounds.maxBytes;
  }

  /** Whether output was left out. */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Whether output was read that waits to be taken up by the receiver of the rows. */
  get writing(): boolean {
    return this.#writing > 0;
  }

  /** Reads `source` to its end. Throws what sending a row throws. */
  async collect(stream: string, source: Readable): Promise<void> {
    const lines = new OutputLines();
    try {
      for await (const chunk of source) await this.#take(stream, lines.push(this.#within(chunk)));
    } catch (error) {
      // Closed by us, because something that outlived the program still held the other end.
      if (errorCode(error) !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
      this.#truncated = true;
    }
    await this.#take(stream, lines.end());
  }

  #within(chunk: Buffer): Buffer {
    const taken = chunk.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= taken.length;
    if (taken.length < chunk.length) this.#truncate();
    return taken;
  }

  async #take(stream: string, lines: readonly string[]): Promise<void> {
    const taken = lines.slice(0, this.#linesLeft);
    this.#linesLeft -= taken.length;
    if (taken.length < lines.length) this.#truncate();
    this.#writing += 1;
    for (const line of taken) await this.#rows.push({ stream, line });
    this.#writing -= 1;
  }

  #truncate(): void {
    this.#truncated = true;
    this.#onBound();
  }
}
