import {
  byeText,
  CLOSE_CODES,
  encodePollAnswer,
  fail,
  ok,
  type Poll,
  type Result,
} from "@sluice/protocol";
import type { ConnectionFault } from "./connection.ts";
import type { Lines } from "./lines.ts";
import type { PollLine } from "./poll-line.ts";
import { NO_HELLO, type Session, SUPERSEDED } from "./session.ts";

/** The object has lost its memory, or the polls were taken for dead: hello makes all well. */
const FORGOTTEN: ConnectionFault = {
  closeCode: CLOSE_CODES.comeBackLater,
  detail: "this connection is over; say hello",
};

/**
 * Takes the frames of a poll on the line that they belong to, which has the answer; a fault among them
 * ends the line. Fails for a poll that belongs to none.
 */
export function takePoll(
  session: Session,
  lines: Lines,
  poll: Poll,
  now: number,
): Result<PollLine, ConnectionFault> {
  const found = lineOf(session, lines, poll, now);
  if (!found.ok) return found;
  const line = found.value;
  line.polled(now);
  const fault = receiveAll(session, line, poll, now);
  if (fault !== null) session.end(line, fault.closeCode, fault.detail, now);
  return found;
}

/** The answer to a poll that no line takes. */
export function farewell({ closeCode, detail }: ConnectionFault): string {
  return encodePollAnswer({ seq: 1, frames: [byeText(closeCode, detail)] });
}

function lineOf(
  session: Session,
  lines: Lines,
  { epoch, frames, fault }: Poll,
  now: number,
): Result<PollLine, ConnectionFault> {
  if (frames[0]?.type === "hello") return ok(lines.openPolls(now));
  if (epoch === null) return fail(fault ?? NO_HELLO);
  const line = lines.pollsOf(epoch);
  if (line !== null) return ok(line);
  return fail(epoch < session.epoch ? SUPERSEDED : FORGOTTEN);
}

function receiveAll(
  session: Session,
  line: PollLine,
  { frames, fault }: Poll,
  now: number,
): ConnectionFault | null {
  for (const frame of frames) {
    const refused = session.receive(line, frame, now);
    if (refused !== null) return refused;
  }
  return fault;
}
