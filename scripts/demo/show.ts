import type { JsonValue } from "@sluice/protocol";
import { progressBar } from "../../packages/cli/src/output/progress-bar.ts";
import { type Column, table } from "../../packages/cli/src/output/table.ts";
import type { BurstProgress } from "./burst.ts";
import type { BurstFigures, Spread } from "./burst-figures.ts";
import type { Frame } from "./frames.ts";
import type { UnbatchedFigures } from "./unbatched.ts";

const BAR_WIDTH = 20;
const MOST_FRAMES_SHOWN = 5;
const MOST_ROWS_SHOWN = 3;

/** A burst as a block of lines; drawn again and again while it runs. */
export function burstLines(figures: BurstFigures, count: number): readonly string[] {
  const { calls, callsTookMs, frames, succeeded, otherEnds, rows } = figures;
  const took = callsTookMs === null ? "" : ` in ${duration(callsTookMs)}`;
  const failed = otherEnds > 0 ? `, ${otherEnds} ended otherwise` : "";
  return [
    `  calls   ${progressBar(calls / count, BAR_WIDTH)}  ${calls} of ${count}${took}`,
    `  done    ${progressBar(succeeded / count, BAR_WIDTH)}  ${succeeded} of ${count}${failed}`,
    `  frames  ${frames.length}: ${framesText(figures)}`,
    `  rows    ${rows.toLocaleString("en-GB")}`,
    `  time    call → frame ${spreadText(figures.callToFrame)}`,
    `          call → accepted by the agent ${spreadText(figures.callToAccepted)}`,
    `          call → result ${spreadText(figures.callToResult)}`,
  ];
}

/** A burst in one line, for output that cannot be drawn over. */
export function burstSummary({ calls, frames, succeeded, rows }: BurstFigures): string {
  return `  ${calls} calls, ${frames.length} frames, ${succeeded} done, ${rows} rows`;
}

/** A few rows of some kinds of collection. */
export function rowSamples({ collections }: BurstProgress, width: number): readonly string[] {
  return [
    ...sample(collections, "fs.hash", width, ["sha256", "size", "path"]),
    ...sample(collections, "process.list", width, [
      "pid",
      "user",
      "cpuPercent",
      "memoryBytes",
      "name",
    ]),
    ...sample(collections, "net.sockets", width, ["protocol", "local", "remote", "state"]),
  ];
}

/** One frame a task and Sluice side by side; every figure says whether it was measured. */
export function comparison(
  tasks: number,
  unbatched: UnbatchedFigures,
  batched: BurstFigures,
  batchedTrips: number,
): readonly string[] {
  const lastDelivery = batched.lastDeliveryMs === null ? "never" : duration(batched.lastDeliveryMs);
  const inWatch = `taken after ${duration(unbatched.watchedMs)}`;
  const lines = [
    ["frames", `${unbatched.frames} (measured)`, `${batched.frames.length} (measured)`],
    ["found no token", `${unbatched.limiterTrips} (measured)`, `${batchedTrips} (measured)`],
    [
      inWatch,
      `${unbatched.delivered} of ${tasks} (measured)`,
      `${taken(batched)} of ${tasks} (measured)`,
    ],
    [
      "last one, after the last call",
      `${duration(unbatched.lastDeliveryMs)} (computed)`,
      `${lastDelivery} (measured)`,
    ],
  ];
  const columns: Column<readonly string[]>[] = ["", "ONE FRAME A TASK", "SLUICE"].map(
    (title, index) => ({ title, cell: (line) => line[index] }),
  );
  return table(columns, lines, Number.POSITIVE_INFINITY).map((line) => `  ${line}`);
}

/** A time as people say it: milliseconds, seconds or minutes. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${Number((ms / 1_000).toFixed(1))} s` : `${Math.round(ms / 60_000)} min`;
}

function taken({ callToAccepted, succeeded, calls, lastDeliveryMs }: BurstFigures): number {
  if (lastDeliveryMs !== null) return calls;
  return Number.isFinite(callToAccepted.p50) ? succeeded : 0;
}

function framesText({ frames, firstCallAtMs }: BurstFigures): string {
  const shown = frames.slice(0, MOST_FRAMES_SHOWN).map((frame) => frameText(frame, firstCallAtMs));
  const rest = frames.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}

function frameText({ tasks, sentAtMs }: Frame, firstCallAtMs: number): string {
  return `${tasks} at ${duration(sentAtMs - firstCallAtMs)}`;
}

function spreadText({ p50, p99 }: Spread): string {
  return Number.isFinite(p50) ? `p50 ${duration(p50)}, p99 ${duration(p99)}` : "–";
}

function sample(
  collections: BurstProgress["collections"],
  kind: string,
  width: number,
  fields: readonly string[],
): readonly string[] {
  const rows = collections.find(({ task, rows }) => task?.kind === kind && rows?.length)?.rows;
  if (!rows) return [];
  const columns: Column<JsonValue>[] = fields.map((field) => ({
    title: field,
    cell: (row) => textOf(row, field),
  }));
  const lines = table(columns, rows.slice(0, MOST_ROWS_SHOWN), width - 4);
  return [`  ${kind}`, ...lines.map((line) => `    ${line}`)];
}

function textOf(row: JsonValue, field: string): string {
  if (typeof row !== "object" || row === null || Array.isArray(row)) return "";
  const value: unknown = Reflect.get(row, field);
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
