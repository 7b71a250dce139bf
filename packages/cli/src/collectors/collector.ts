import { fail, type JsonObject, ok, type Result } from "@sluice/protocol";

/** What a collector may do while it runs; the agent connects it to the SDK's task context. */
export interface CollectorContext {
  /** Aborted when the task is cancelled or out of time. */
  readonly signal: AbortSignal;
  row(row: JsonObject): Promise<void>;
  rows(rows: readonly JsonObject[]): Promise<void>;
  /** @param done share of the work, 0 to 1 */
  progress(done: number, note?: string): void;
}

/** One kind of task that the agent can do: parse the arguments first, then run with what was parsed. */
export interface Collector<Args> {
  readonly kind: string;
  readonly describe: string;
  /** Fails with a sentence that names the argument at fault. */
  parse(args: JsonObject): Result<Args, string>;
  /** Sends rows to the context. Throws when the work as a whole is impossible or was aborted. */
  run(args: Args, context: CollectorContext): Promise<void>;
}

/** A collector whose argument type is closed over, so that different ones share a list. */
export interface AnyCollector {
  readonly kind: string;
  readonly describe: string;
  /** Parses `args` and returns the run that is bound to them. */
  prepare(args: JsonObject): Result<(context: CollectorContext) => Promise<void>, string>;
}

/** Closes over the argument type of a collector. */
export function anyCollector<Args>(collector: Collector<Args>): AnyCollector {
  return {
    kind: collector.kind,
    describe: collector.describe,
    prepare(args) {
      const parsed = collector.parse(args);
      if (!parsed.ok) return fail(`${collector.kind}: ${parsed.error}`);
      return ok((context) => collector.run(parsed.value, context));
    },
  };
}
