#!/usr/bin/env node
import { makeTerminal } from "./output/terminal.ts";
import { run } from "./program.ts";

const terminal = makeTerminal(process.stdout, process.stderr, process.env);

// A reader that has seen enough (`sluice rows … | head`) closes the pipe: that is no failure.
process.stdout.on("error", (error) => {
  if ("code" in error && error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await run(process.argv.slice(2), {
  terminal,
  now: () => new Date(),
  catchInterrupt,
});

/** The first signal asks for an orderly end; the second finds no listener and ends the process. */
function catchInterrupt(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => interrupted.abort());
  }
  return interrupted.signal;
}
