import { type Load, sendAtRate } from "./open-loop.ts";

/** What the process is told: to send this load for so long. */
export interface FloodOrder {
  readonly load: Load;
  readonly forMs: number;
}

// A process of its own, so that what the flood costs to send does not slow the clock of who is measured.
process.on("message", async ({ load, forMs }: FloodOrder) => {
  const { statuses, withoutRetryAfter } = await sendAtRate(load, forMs);
  process.send?.({ latenciesMs: [], statuses, withoutRetryAfter });
});
process.on("disconnect", () => process.exit(0));
