import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "@sluice/protocol";
import { onTestFinished } from "vitest";
import type {
  AnyCollector,
  Collector,
  CollectorContext,
} from "../../../packages/cli/src/collectors/collector.ts";

/** What a collector said while it ran. */
export interface Collected {
  readonly rows: JsonObject[];
  readonly progress: number[];
}

/** A context that remembers what it is told. */
export function recordingContext(signal = new AbortController().signal) {
  const collected: Collected = { rows: [], progress: [] };
  const context: CollectorContext = {
    signal,
    row: async (row) => void collected.rows.push(row),
    rows: async (rows) => void collected.rows.push(...rows),
    progress: (done) => void collected.progress.push(done),
  };
  return { ...collected, context };
}

/** Parses `args` and runs the collector to its end. Throws when the arguments are refused. */
export async function collect<Args>(
  collector: Collector<Args>,
  args: JsonObject = {},
  signal?: AbortSignal,
): Promise<Collected> {
  const parsed = collector.parse(args);
  if (!parsed.ok) throw new Error(parsed.error);
  const { context, ...collected } = recordingContext(signal);
  await collector.run(parsed.value, context);
  return collected;
}

/** The sentence with which a collector refuses `args`; null when it takes them. */
export function refusal<Args>(collector: Collector<Args> | AnyCollector, args: JsonObject) {
  const parsed = "parse" in collector ? collector.parse(args) : collector.prepare(args);
  return parsed.ok ? null : parsed.error;
}

/** A directory that is gone when the test is over; its path has no symbolic link in it. */
export function temporaryDirectory(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "sluice-cli-")));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
