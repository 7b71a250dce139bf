import { isAbsolute } from "node:path";
import { fail, ok, type Result } from "@sluice/protocol";
import picomatch from "picomatch";

/** A glob, split at its first wildcard. */
export interface Glob {
  /** The directory that the glob cannot leave, absolute. */
  readonly root: string;
  /** Levels below the root that can match; infinite with `**`. */
  readonly maxDepth: number;
  /** Whether a path relative to the root, with `/`, matches. */
  matches(relativePath: string): boolean;
}

const GLOB_CHARACTERS = 512;
/** Each more may multiply the work of a match, so there are few. */
const MOST_STARS = 12;
const WILDCARD = /[*?[\]{}]/;

/**
 * Parses an absolute glob with `*`, `**`, `?`, `[…]` and `{…}`; hidden files match like all others.
 * Fails with a sentence when it is relative, climbs with `..`, or uses extended patterns, whose
 * matching time can be exponential.
 */
export function parseGlob(glob: string): Result<Glob, string> {
  if (glob.length > GLOB_CHARACTERS) return fail(`is over ${GLOB_CHARACTERS} characters`);
  if (!isAbsolute(glob)) return fail("must begin with an absolute path");
  const portable = process.platform === "win32" ? glob.replaceAll("\\", "/") : glob;
  if (/[()]|\\/.test(portable)) return fail("must not use parentheses or backslashes");
  if ((portable.match(/\*/g)?.length ?? 0) > MOST_STARS) {
    return fail(`has more than ${MOST_STARS} stars`);
  }
  const segments = portable.split("/");
  if (segments.some((segment) => segment.includes(".."))) return fail('must not contain ".."');
  return ok(splitGlob(segments));
}

function splitGlob(segments: readonly string[]): Glob {
  const firstWild = segments.findIndex((segment) => WILDCARD.test(segment));
  // Without a wildcard the last segment is the file, so that the root is always a directory.
  const split = firstWild === -1 ? segments.length - 1 : firstWild;
  const pattern = segments.slice(split).join("/");
  const matches = picomatch(pattern, { dot: true, noextglob: true, nonegate: true });
  return {
    root: `${segments.slice(0, split).join("/")}/`,
    maxDepth: pattern.includes("**") ? Number.POSITIVE_INFINITY : segments.length - split,
    matches: (path) => matches(path),
  };
}
