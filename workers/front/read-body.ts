import { ok } from "@sluice/protocol";
import { type Outcome, refuse } from "./refusal.ts";
import { bodyTooLarge } from "./screen.ts";

/**
 * Reads a body as strict UTF-8. Counts while it reads and stops at the cap, whatever the headers said: a
 * body that never ends costs `maxBytes` and no more.
 */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): Promise<Outcome<string>> {
  if (body === null) return ok("");
  const reader = body.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });
  let text = "";
  let bytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes += part.value.byteLength;
      if (bytes > maxBytes) {
        abandon(reader);
        return bodyTooLarge(maxBytes);
      }
      text += decoder.decode(part.value, { stream: true });
    }
    return ok(text + decoder.decode());
  } catch {
    abandon(reader);
    return refuse("bad_request", "the body must be complete and in UTF-8");
  }
}

/** Tells the sender that no more is wanted; whether it listens makes no difference to the answer. */
function abandon(reader: ReadableStreamDefaultReader<Uint8Array>): void {
  reader.cancel().catch(() => {});
}
