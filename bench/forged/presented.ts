import type { CallCounts } from "./count-calls.ts";

/** What presenting some keys came to. */
export interface Presented {
  /** How many of them opened something. */
  readonly opened: number;
  /** Calls of each binding so far. */
  readonly calls: CallCounts;
}
