import { CLOSE_CODES } from "./close-codes.ts";
import { FieldReader, type FirstFault } from "./field-reader.ts";
import { exceedsBytes, parseJson } from "./json-text.ts";
import { LIMITS } from "./limits.ts";
import { fail, ok, type Result } from "./result.ts";

/** Why a frame was refused, and the code its connection is closed with. */
export interface FrameFault {
  readonly closeCode: typeof CLOSE_CODES.protocol | typeof CLOSE_CODES.tooLarge;
  /** What was wrong and where; never holds anything of the frame itself. */
  readonly detail: string;
}

/** Brackets around a row in a report, `{items:[{rows:[`, the deepest place of any frame. */
export const ENVELOPE_DEPTH = 4;

/** Wraps a fault of the protocol, close code 4400. */
export function protocolFault(detail: string): Result<never, FrameFault> {
  return fail({ closeCode: CLOSE_CODES.protocol, detail });
}

/**
 * Takes frame text through what all frames share: size, nesting, JSON, an object. `read` builds the frame
 * from its fields and may note faults as it goes.
 */
export function parseFrame<Frame>(
  text: string,
  maxBytes: number,
  read: (fields: FieldReader) => Frame,
): Result<Frame, FrameFault> {
  if (exceedsBytes(text, maxBytes)) {
    return fail({ closeCode: CLOSE_CODES.tooLarge, detail: `a frame may have ${maxBytes} bytes` });
  }
  const parsed = parseJson(text, LIMITS.jsonDepth + ENVELOPE_DEPTH);
  if (!parsed.ok) {
    return protocolFault(
      parsed.error === "too_deep" ? "the frame nests too deeply" : "the frame is not JSON",
    );
  }
  return readFrame(parsed.value, read);
}

/** Builds a frame from JSON that was parsed already, as one in the body of a poll is. */
export function readFrame<Frame>(
  value: unknown,
  read: (fields: FieldReader) => Frame,
): Result<Frame, FrameFault> {
  const faults: FirstFault = { detail: null };
  const frame = read(new FieldReader(value, "", faults));
  return faults.detail === null ? ok(frame) : protocolFault(faults.detail);
}
