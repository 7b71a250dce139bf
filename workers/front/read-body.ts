import { ok } from "@sluice/protocol";
import { type Outcome, refuse } from "./refusal.ts";
import { bodyTooLarge } from "./screen.ts";

/**
 * What becomes of bytes that are no UTF-8: `refused` with their body, or `replaced` by U+FFFD, as the parser of
 * forms does (URL Standard, section 5.1). The second the runtime does by itself, and faster.
 */
export type Malformed = "refused" | "replaced";

/** Keeps nothing from one whole body to the next, whether that could be read or not. */
const WHOLE_BODIES = decoder("refused");

/**
 * Reads the body of a request as UTF-8, at most `maxBytes` of it. A stated length is enforced by the runtime, so
 * a body that states a fitting one is read in one piece; any other is counted as it comes.
 */
export async function readRequestBody(
  request: Request,
  maxBytes: number,
  malformed: Malformed,
): Promise<Outcome<string>> {
  const stated = Number(request.headers.get("content-length") ?? Number.NaN);
  if (!(stated <= maxBytes)) return readBody(request.body, maxBytes, malformed);
  try {
    if (malformed === "replaced") return ok(await request.text());
    return ok(WHOLE_BODIES.decode(await request.arrayBuffer()));
  } catch {
    return unreadable();
  }
}

/**
 * Reads a body as UTF-8. Counts while it reads and stops at the cap, whatever the headers said: a body that
 * never ends costs `maxBytes` and no more.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  malformed: Malformed,
): Promise<Outcome<string>> {
  if (body === null) return ok("");
  const reader = body.getReader();
  const utf8 = decoder(malformed);
  let text = "";
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.byteLength;
      if (bytes > maxBytes) {
        abandon(reader);
        return bodyTooLarge(maxBytes);
      }
      text += utf8.decode(part.value, { stream: true });
    }
    return ok(text + utf8.decode());
  } catch {
    abandon(reader);
    return unreadable();
  }
}

function decoder(malformed: Malformed): TextDecoder {
  return new TextDecoder("utf-8", { fatal: malformed === "refused", ignoreBOM: false });
}

function unreadable(): Outcome<never> {
  return refuse("bad_request", "the body must be complete and in UTF-8");
}

/** Tells the sender that no more is wanted; whether it listens makes no difference to the answer. */
function abandon(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  reader.cancel().catch(() => {});
}
