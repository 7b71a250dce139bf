import { stripVTControlCharacters } from "node:util";

/**
 * Characters that do something to a terminal or to the order of text: controls (among them ESC and the
 * eight-bit CSI), and formatting characters such as the bidirectional overrides (Trojan Source, 2021).
 */
const ACTIVE_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Makes text from outside safe to print: escape sequences go, line breaks become spaces. */
export function plainText(untrusted: string): string {
  return stripVTControlCharacters(untrusted)
    .replace(/[\t\r\n]+/g, " ")
    .replace(ACTIVE_CHARACTERS, "");
}

/** Writes a value as JSON in which the same characters are escaped, so that nothing is lost. */
export function plainJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, null, indent);
  return json.replace(ACTIVE_CHARACTERS, (character) =>
    character === "\n" ? character : escaped(character),
  );
}

/** As JSON escapes it: one `\uXXXX` for each UTF-16 unit. */
function escaped(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
