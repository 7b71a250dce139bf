import type { JsonObject } from "@sluice/protocol";
import type { CollectorContext } from "./collector.ts";

/** Rows that travel together. Few enough that a part stays far below the frame limit. */
const PART_ROWS = 200;
/** Size at which a part leaves early, in characters of JSON. */
const PART_CHARACTERS = 128 * 1024;

/** Joins single rows into parts, so that ten thousand files cost some fifty messages. */
export class RowBuffer {
  readonly #context: CollectorContext;
  #rows: JsonObject[] = [];
  #characters = 0;

  constructor(context: CollectorContext) {
    this.#context = context;
  }

  /** Adds a row; waits when that fills a part. Throws the abort reason when the task was aborted. */
  async push(row: JsonObject): Promise<void> {
    this.#context.signal.throwIfAborted();
    this.#rows.push(row);
    this.#characters += JSON.stringify(row).length;
    if (this.#rows.length >= PART_ROWS || this.#characters >= PART_CHARACTERS) await this.flush();
  }

  /** Sends what is left. */
  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#characters = 0;
    await this.#context.rows(rows);
  }
}

/** Sends all of `rows` in parts. */
export async function sendRows(
  context: CollectorContext,
  rows: Iterable<JsonObject> | AsyncIterable<JsonObject>,
): Promise<void> {
  const buffer = new RowBuffer(context);
  for await (const row of rows) await buffer.push(row);
  await buffer.flush();
}
