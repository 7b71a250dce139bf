import { isAbsolute } from "node:path";
import { fail, ok, type Result } from "@sluice/protocol";
import { expandBraces, matchesPattern, type Pattern, parsePattern } from "./glob-pattern.ts";

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
const MOST_ALTERNATIVES = 64;
const WILDCARD = /[*?[\]{}]/;

/**
 * Parses an absolute glob with `*`, `**`, `?`, `[…]` and `{…}`; hidden files match like all others.
 * Fails with a sentence when it is relative, climbs with `..`, or is not understood.
 */
export function parseGlob(glob: string): Result<Glob, string> {
  if (glob.length > GLOB_CHARACTERS) return fail(`is over ${GLOB_CHARACTERS} characters`);
  if (!isAbsolute(glob)) return fail("must begin with an absolute path");
  const portable = process.platform === "win32" ? glob.replaceAll("\\", "/") : glob;
  if (portable.includes("\\")) return fail("must not use backslashes");
  if (portable.includes("..")) return fail('must not contain ".."');
  const { root, rest } = splitAtWildcard(portable);
  const patterns = parsePatterns(rest);
  if (!patterns.ok) return patterns;
  return ok({
    root,
    maxDepth: Math.max(...patterns.value.map(depthOf)),
    matches: (path) => patterns.value.some((pattern) => matchesPattern(pattern, path)),
  });
}

/** Without a wildcard the last name is the pattern, so that the root is always a directory. */
function splitAtWildcard(glob: string): { root: string; rest: string } {
  const segments = glob.split("/");
  const wild = segments.findIndex((segment) => WILDCARD.test(segment));
  const split = wild === -1 ? segments.length - 1 : wild;
  return {
    root: `${segments.slice(0, split).join("/")}/`,
    rest: segments.slice(split).join("/"),
  };
}

function parsePatterns(text: string): Result<readonly Pattern[], string> {
  const expanded = expandBraces(text, MOST_ALTERNATIVES);
  if (!expanded.ok) return expanded;
  // Alternatives can put together what the whole did not show: `{.,x}{.,y}`.
  const climbs = expanded.value.some((pattern) => pattern.split("/").includes(".."));
  if (climbs) return fail('must not contain ".."');
  const patterns: Pattern[] = [];
  for (const alternative of expanded.value) {
    const pattern = parsePattern(alternative);
    if (!pattern.ok) return pattern;
    patterns.push(pattern.value);
  }
  return ok(patterns);
}

function depthOf(pattern: Pattern): number {
  const unbounded = pattern.some(({ kind }) => kind === "many");
  return unbounded ? Number.POSITIVE_INFINITY : pattern.length;
}
