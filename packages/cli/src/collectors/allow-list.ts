import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { isAbsolute, normalize } from "node:path";
import { fail, ok, type Result } from "@sluice/protocol";

/** Programs that tasks may start: the path as it was allowed, and where it led when the agent started. */
export type AllowList = ReadonlyMap<string, string>;

/**
 * Builds the list. Fails with a sentence when a path is not the plain absolute path of an executable
 * file: a list that is half understood would be worse than none.
 */
export function buildAllowList(programs: readonly string[]): Result<AllowList, string> {
  const allowed = new Map<string, string>();
  for (const program of programs) {
    const plain = isAbsolute(program) && normalize(program) === program;
    if (!plain) return fail(`--allow-exec ${program}: give the plain absolute path of a program`);
    const real = resolveExecutable(program);
    if (real === null) return fail(`--allow-exec ${program}: there is no such executable file`);
    allowed.set(program, real);
  }
  return ok(allowed);
}

/**
 * Says whether `program` may be started: it must be written exactly as it was allowed, and still lead
 * to the same file. Comparing what paths lead to alone would not do: where many commands are links to
 * one binary (busybox), allowing one of them would allow them all.
 */
export function mayStart(program: string, allowed: AllowList): boolean {
  const real = allowed.get(program);
  return real !== undefined && resolveExecutable(program) === real;
}

function resolveExecutable(program: string): string | null {
  try {
    const real = realpathSync(program);
    accessSync(real, constants.X_OK);
    return statSync(real).isFile() ? real : null;
  } catch {
    return null;
  }
}
