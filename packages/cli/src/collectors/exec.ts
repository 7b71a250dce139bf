import { once } from "node:events";
import { fail, ok } from "@sluice/protocol";
import { type AllowList, mayStart } from "./allow-list.ts";
import { absolutePath, count, readArguments, textList } from "./arguments.ts";
import { BoundedOutput } from "./bounded-output.ts";
import type { Collector, CollectorContext } from "./collector.ts";
import { killGroup, type PipedChild, spawnGroup } from "./process-group.ts";
import { RowBuffer } from "./row-buffer.ts";

const DEFAULT_LINES = 10_000;
const MOST_LINES = 200_000;
const DEFAULT_BYTES = 1024 ** 2;
const MOST_BYTES = 64 * 1024 ** 2;
/** How long a pipe may stay silent after its program ended, held open by something left behind. */
const PIPE_GRACE_MS = 500;

export interface ExecArgs {
  readonly program: string;
  readonly args: readonly string[];
  readonly maxLines: number;
  readonly maxBytes: number;
}

/** Runs allow-listed programs. Rows: `{stream, line}` each, then `{exitCode, signal, truncated}`. */
export function exec(allowed: AllowList): Collector<ExecArgs> {
  return {
    kind: "exec",
    describe: "runs a program that the agent was told to allow, without a shell",
    parse(args) {
      const read = readArguments(args, {
        program: absolutePath(),
        args: textList(256, 4_096),
        maxLines: count(MOST_LINES, DEFAULT_LINES),
        maxBytes: count(MOST_BYTES, DEFAULT_BYTES),
      });
      if (!read.ok) return read;
      const permitted = mayStart(read.value.program, allowed);
      return permitted ? ok(read.value) : fail("this program is not allowed on this agent");
    },
    async run(args, context) {
      // Time may have passed since the arguments were read.
      if (!mayStart(args.program, allowed)) throw new Error("the allowed program was exchanged");
      await runProgram(args, context);
    },
  };
}

async function runProgram(args: ExecArgs, context: CollectorContext): Promise<void> {
  context.signal.throwIfAborted();
  const child = spawnGroup(args.program, args.args);
  const kill = () => killGroup(child);
  context.signal.addEventListener("abort", kill, { once: true });
  const rows = new RowBuffer(context);
  const output = new BoundedOutput(args, rows, kill);
  const stopTidying = tidyAfterExit(child, output);
  try {
    const [[exitCode, signal]] = await Promise.all([
      once(child, "exit"), // rejects when the program did not start
      output.collect("stdout", child.stdout),
      output.collect("stderr", child.stderr),
    ]);
    await rows.push({ exitCode, signal, truncated: output.truncated });
    await rows.flush();
  } finally {
    context.signal.removeEventListener("abort", kill);
    stopTidying();
    kill();
    // After an abort nobody reads on, and what left the group may hold them open.
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/**
 * When the program ends, kills what it left in its group. A process that left the group survives that
 * and may hold the pipes, which would never end: they are closed once they are silent. Returns how to
 * stop this.
 */
function tidyAfterExit(child: PipedChild, output: BoundedOutput): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const tidy = () => {
    killGroup(child);
    timer = setInterval(() => {
      if (output.writing) return;
      child.stdout.destroy();
      child.stderr.destroy();
    }, PIPE_GRACE_MS);
  };
  child.once("exit", tidy);
  return () => {
    child.off("exit", tidy);
    clearInterval(timer);
  };
}
