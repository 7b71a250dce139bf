import type { Segment } from "./segment.ts";

/** Memory spent on task texts of one client; what does not fit is read again when it is sent. */
const CACHE_BYTES = 16 * 1024 * 1024;

/** The stored lines of segments that are about to be sent, bounded; the oldest leave first. */
export class LineCache {
  readonly #load: (segment: Segment) => readonly string[];
  readonly #lines = new Map<number, { lines: readonly string[]; bytes: number }>();
  #bytes = 0;

  constructor(load: (segment: Segment) => readonly string[]) {
    this.#load = load;
  }

  put(segment: Segment, lines: readonly string[]): void {
    if (segment.bytes > CACHE_BYTES / 2 || this.#lines.has(segment.first)) return;
    this.#lines.set(segment.first, { lines, bytes: segment.bytes });
    this.#bytes += segment.bytes;
    for (const first of this.#lines.keys()) {
      if (this.#bytes <= CACHE_BYTES) return;
      this.drop(first);
    }
  }

  /** The text of one task: `"kind":…,"args":…}`. */
  line(segment: Segment, ordinal: number): string {
    let lines = this.#lines.get(segment.first)?.lines;
    if (lines === undefined) {
      lines = this.#load(segment);
      this.put(segment, lines);
    }
    return lines[ordinal - segment.first] ?? "";
  }

  /** Forgets a segment, by its first ordinal. */
  drop(first: number): void {
    this.#bytes -= this.#lines.get(first)?.bytes ?? 0;
    this.#lines.delete(first);
  }
}
