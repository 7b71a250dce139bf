import { plainJson, plainText } from "./plain-text.ts";
import type { Terminal } from "./terminal.ts";

/** Said of every secret, so that nobody looks for it later. */
const SHOWN_ONCE = "Keep it now: it is shown this once, and the service stores only its hash.";

/** Something that was just issued. */
export interface Issued {
  /** The whole answer, for `--json`. */
  readonly answer: object;
  readonly secret: string;
  /** What there is to know of it. */
  readonly notes: readonly string[];
}

/**
 * Prints a secret: alone on standard output, so that a script can take it from there too, and beside it on
 * standard error what it is and that it will not be shown again.
 */
export function printSecret(
  { answer, secret, notes }: Issued,
  json: boolean | undefined,
  terminal: Terminal,
): void {
  if (json) {
    terminal.print(plainJson(answer, 2));
    return;
  }
  terminal.print(plainText(secret));
  for (const note of [...notes, SHOWN_ONCE]) terminal.note(plainText(note));
}

/** Says until when the secret before a new one opens. */
export function overlapNote(oldUntil: string | null): string {
  return oldUntil === null
    ? "the old one opens nothing any more"
    : `the old one opens until ${oldUntil}`;
}
