import type { TaskView, TimelineEntry } from "@sluice/protocol";

/** One batch frame, as the timelines of its tasks tell it. */
export interface Frame {
  readonly epoch: number;
  readonly seq: number;
  /** When it left, ms since 1970. */
  readonly sentAtMs: number;
  readonly tasks: number;
}

/** The frames in which tasks left, in their order; a task that waits is in none. */
export function framesOf(tasks: readonly TaskView[]): readonly Frame[] {
  const frames = new Map<string, Frame>();
  for (const { timeline } of tasks) {
    const sent = timeline.find(({ event }) => event === "sent");
    if (sent?.epoch === undefined || sent.seq === undefined) continue;
    const { epoch, seq } = sent;
    const key = `${epoch}/${seq}`;
    const before = frames.get(key)?.tasks ?? 0;
    frames.set(key, { epoch, seq, sentAtMs: Date.parse(sent.at), tasks: before + 1 });
  }
  return [...frames.values()].sort((a, b) => a.epoch - b.epoch || a.seq - b.seq);
}

/** When something happened to a task, ms since 1970; NaN when it did not. */
export function happenedAtMs(task: TaskView, event: TimelineEntry["event"]): number {
  const entry = task.timeline.find((line) => line.event === event);
  return entry === undefined ? Number.NaN : Date.parse(entry.at);
}

/** The value below which `share` (0 to 1) of the samples lie, by the nearest rank. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
