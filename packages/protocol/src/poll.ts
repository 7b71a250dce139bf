import { CLOSE_CODES } from "./close-codes.ts";
import type { FieldReader } from "./field-reader.ts";
import { ENVELOPE_DEPTH, type FrameFault, protocolFault, readFrame } from "./frame-fault.ts";
import type { ClientFrame } from "./frames.ts";
import { parseJson } from "./json-text.ts";
import { DEFAULT_POLL_WAIT_MS, LIMITS } from "./limits.ts";
import { readClientFrame } from "./parse-client-frame.ts";
import { fail, ok, type Result } from "./result.ts";

/** Brackets around a frame in a poll and in its answer, `{frames:[`. */
const POLL_DEPTH = 2;

/** Body of `POST /v1/poll`: what a client says where it has no WebSocket, and how long it listens. */
export interface Poll {
  /** Epoch of the connection that the poll goes on with; null where the poll says hello. */
  readonly epoch: number | null;
  /** The frames up to the first that does not fit. */
  readonly frames: readonly ClientFrame[];
  /** What was wrong with the next frame: it ends the connection after those before it were taken. */
  readonly fault: FrameFault | null;
  readonly waitMs: number;
}

/** Answer to a poll. */
export interface PollAnswer {
  /** Counts the answers of a connection from 1: the order in which they were made. */
  readonly seq: number;
  /** The texts of the frames, each as a socket would have carried it. */
  readonly frames: readonly string[];
}

/**
 * Parses the body of a poll. Never throws. A body that is no poll at all is a fault; a frame in it that
 * does not fit is told apart, because the frames before it count.
 */
export function parsePoll(text: string): Result<Poll, FrameFault> {
  const parsed = parseJson(text, LIMITS.jsonDepth + ENVELOPE_DEPTH + POLL_DEPTH);
  if (!parsed.ok) return protocolFault("the body must be JSON, not nested too deeply");
  const body = readFrame(parsed.value, readBody);
  return body.ok ? ok({ ...body.value, ...takeFrames(body.value.frames) }) : body;
}

function readBody(fields: FieldReader) {
  return {
    epoch: fields.has("epoch") ? fields.integer("epoch", 0) : null,
    frames: fields.has("frames") ? fields.list("frames", LIMITS.pollFrames) : [],
    waitMs: fields.integerOr(DEFAULT_POLL_WAIT_MS, "waitMs", 0, LIMITS.pollWaitMs),
  };
}

function takeFrames(values: readonly unknown[]): Pick<Poll, "frames" | "fault"> {
  const frames: ClientFrame[] = [];
  for (const value of values) {
    const frame = readFrame(value, readClientFrame);
    if (!frame.ok) return { frames, fault: frame.error };
    frames.push(frame.value);
  }
  return { frames, fault: null };
}

/** The text of an answer, of frames that are text already. */
export function encodePollAnswer({ seq, frames }: PollAnswer): string {
  return `{"seq":${seq},"frames":[${frames.join(",")}]}`;
}

/** Parses an answer to a poll, on the client's side. Never throws; the frames are not looked into. */
export function parsePollAnswer(text: string): Result<PollAnswer, FrameFault> {
  if (text.length > LIMITS.pollAnswerCharacters) {
    return fail({ closeCode: CLOSE_CODES.tooLarge, detail: "the answer is too long" });
  }
  const parsed = parseJson(text, LIMITS.jsonDepth + ENVELOPE_DEPTH + POLL_DEPTH);
  if (!parsed.ok) return protocolFault("the answer is not JSON");
  return readFrame(parsed.value, (fields) => ({
    seq: fields.integer("seq", 1),
    frames: fields
      .list("frames", LIMITS.pollAnswerCharacters)
      .map((frame) => JSON.stringify(frame)),
  }));
}
