import { fail, ok, type Result } from "@sluice/protocol";

/** One character of a pattern, or `*`. */
type Part =
  | { readonly kind: "any" }
  | { readonly kind: "many" }
  | { readonly kind: "one"; readonly fits: (character: string) => boolean };

/** One name between slashes, or `**`. */
type Segment =
  | { readonly kind: "many" }
  | { readonly kind: "name"; readonly parts: readonly Part[] };

/** A relative pattern without braces. */
export type Pattern = readonly Segment[];

/**
 * Parses a relative pattern of `*`, `?`, `[a-z]`, `[!a]` and, between slashes, `**`. Fails with a
 * sentence when a bracket is not closed.
 */
export function parsePattern(text: string): Result<Pattern, string> {
  const segments: Segment[] = [];
  for (const name of text.split("/")) {
    const parts = name === "**" ? null : parseName(name);
    if (parts === null) segments.push({ kind: "many" });
    else if (parts.ok) segments.push({ kind: "name", parts: parts.value });
    else return parts;
  }
  return ok(segments);
}

/**
 * Whether a relative path matches. Takes time in proportion to the length of the path times that of
 * the pattern at most, unlike regular expressions: who can create files chooses their names.
 */
export function matchesPattern(pattern: Pattern, path: string): boolean {
  return matchesSequence(pattern, path.split("/"), (segment, name) => {
    const parts = segment.kind === "name" ? segment.parts : [];
    return matchesSequence(parts, [...name], (part, character) => {
      return part.kind === "any" || (part.kind === "one" && part.fits(character));
    });
  });
}

/**
 * Matches items against a pattern in which `many` stands for any number of them. Going back to the last
 * `many` alone is enough: an earlier one could only give it more items, never fewer.
 */
function matchesSequence<Element extends { readonly kind: string }, Item>(
  pattern: readonly Element[],
  items: readonly Item[],
  fits: (element: Element, item: Item) => boolean,
): boolean {
  let at = 0;
  let afterMany = -1;
  let resumeAt = 0;
  for (let index = 0; index < items.length; ) {
    const element = pattern[at];
    if (element?.kind === "many") {
      at += 1;
      afterMany = at;
      resumeAt = index;
    } else if (element !== undefined && fits(element, items[index] as Item)) {
      at += 1;
      index += 1;
    } else if (afterMany >= 0) {
      resumeAt += 1;
      index = resumeAt;
      at = afterMany;
    } else return false;
  }
  return pattern.slice(at).every(({ kind }) => kind === "many");
}

function parseName(name: string): Result<readonly Part[], string> {
  const parts: Part[] = [];
  // A class, a wildcard, or any other character; a bracket that is not closed remains by itself.
  for (const [token] of name.matchAll(/\[[!^]?[^\]]+\]|./gsu)) {
    if (token === "[" || token === "]") return fail("has a bracket without its other one");
    parts.push(parsePart(token));
  }
  return ok(parts);
}

function parsePart(token: string): Part {
  if (token === "*") return { kind: "many" };
  if (token === "?") return { kind: "any" };
  if (token.length > 1 && token.startsWith("[")) return parseClass(token.slice(1, -1));
  return { kind: "one", fits: (character) => character === token };
}

function parseClass(text: string): Part {
  const negated = /^[!^]/.test(text);
  const members = [...text.slice(negated ? 1 : 0).matchAll(/(.)-(.)|(.)/gsu)];
  const includes = (character: string) =>
    members.some(([, from, to, single]) =>
      from !== undefined && to !== undefined
        ? from <= character && character <= to
        : character === single,
    );
  return { kind: "one", fits: (character) => includes(character) !== negated };
}

/**
 * Expands `{a,b}`, which may hold slashes but no braces. Fails with a sentence when braces are nested
 * or not closed, or when there would be more than `most` patterns.
 */
export function expandBraces(text: string, most: number): Result<readonly string[], string> {
  let patterns = [""];
  for (const [token, alternatives] of text.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    if (token === "{" || token === "}") return fail("has braces that are nested or not closed");
    const choices = alternatives === undefined ? [token] : alternatives.split(",");
    if (patterns.length * choices.length > most) return fail(`stands for over ${most} patterns`);
    patterns = patterns.flatMap((before) => choices.map((choice) => before + choice));
  }
  return ok(patterns);
}
