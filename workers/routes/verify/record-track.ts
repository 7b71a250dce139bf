import type { Track } from "@sluice/protocol";
import type { Site } from "../../front/read-records.ts";
import type { RequestContext } from "../../front/request-context.ts";
import type { Challenge } from "../../verify/challenge.ts";
import type { Decision } from "../../verify/decide.ts";
import type { Judgement } from "../../verify/judge.ts";
import { isDrawn, recordableTrack } from "../../verify/recording/index.ts";

const DRAW_BYTES = 4;

/** A solution that was judged, and what came of it. */
interface Judged {
  readonly challenge: Challenge;
  readonly track: Track | null;
  readonly judgement: Judgement;
  readonly decision: Decision;
}

/** Offers a share of a site's judged movements to its recorder, where its owner wants that. Waits for nothing. */
export function recordTrack(
  { recorder, randomBytes }: RequestContext,
  { accountId, siteId, record }: Site,
  { challenge, track, judgement, decision }: Judged,
): void {
  if (record.recordedPercent === null) return;
  const recordable = recordableTrack(challenge, track, judgement, decision);
  if (recordable === null) return;
  const { buffer, byteOffset } = randomBytes(DRAW_BYTES);
  const draw = new DataView(buffer, byteOffset).getUint32(0) / 2 ** (8 * DRAW_BYTES);
  if (isDrawn(record.recordedPercent, draw)) recorder.offer(accountId, siteId, recordable);
}
