import type { ClientFrame, ServerFrame } from "./frames.ts";

/** The text of a frame, one JSON object. */
export function encodeFrame(frame: ClientFrame | ServerFrame): string {
  return JSON.stringify(frame);
}
