import { type JsonValue, LIMITS, nestsDeeperThan } from "@sluice/protocol";

/** One row may have this many bytes of JSON; a report frame must hold it with room to spare. */
export const MAX_ROW_BYTES = 256 * 1024;
/** A part is closed at this size or count, whichever comes first. */
const PART_BYTES = 128 * 1024;
const PART_ROWS = 1_000;

export type RowFault = "row_invalid" | "row_too_large" | "row_too_deep";

/** A row that cannot be reported; thrown into the handler that wrote it. */
export class RowError extends Error {
  override readonly name = "RowError";
  readonly code: RowFault;

  constructor(code: RowFault, message: string) {
    super(message);
    this.code = code;
  }
}

/** Rows that were written and not yet handed on. */
export interface RowPart {
  readonly rows: JsonValue[];
  bytes: number;
}

export function emptyPart(): RowPart {
  return { rows: [], bytes: 0 };
}

/**
 * Adds a copy of `row`, as JSON carries it, so that the handler may go on changing its own. Returns
 * whether the part is now full. Throws {@link RowError} for what is not JSON, too large or too deep.
 */
export function addRow(part: RowPart, row: unknown): boolean {
  const text = rowText(row);
  const bytes = utf8Bytes(text);
  if (bytes > MAX_ROW_BYTES) {
    throw new RowError("row_too_large", `a row may have ${MAX_ROW_BYTES} bytes of JSON`);
  }
  if (nestsDeeperThan(text, LIMITS.jsonDepth)) {
    throw new RowError("row_too_deep", `a row may nest ${LIMITS.jsonDepth} deep`);
  }
  const copy: JsonValue = JSON.parse(text);
  part.rows.push(copy);
  part.bytes += bytes + 1;
  return part.bytes >= PART_BYTES || part.rows.length >= PART_ROWS;
}

function rowText(row: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(row);
  } catch {
    // A cycle, a BigInt, or a toJSON that throws; its message may quote the row.
    throw new RowError("row_invalid", "a row must be a JSON value");
  }
  if (text === undefined) throw new RowError("row_invalid", "a row must be a JSON value");
  return text;
}

/** Bytes of a text in UTF-8, without encoding it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) continue;
    // Half of a surrogate pair is two of the four bytes that the pair takes.
    bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return bytes;
}
