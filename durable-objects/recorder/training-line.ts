import type { TrackPoint } from "@sluice/protocol";
import type { JudgedTrack, Recording } from "./rpc.ts";

/** Of pixels and of milliseconds: more than a score looks at, and less than tells one clock from another. */
const STEPS_OF_UNIT = 10;

/**
 * A movement as a line that the training reads, see docs/recording.md. `id` is random: it leads to no pass and
 * no challenge.
 */
export function formatLine(
  id: string,
  { label, source }: Pick<Recording, "label" | "source">,
  siteId: string,
  { pointer, points, verdict, score, reasons }: JudgedTrack,
): string {
  return JSON.stringify({
    id,
    src: source ?? siteId,
    label: label === "human" ? 1 : 0,
    family: `${label}-${pointer}`,
    verdict,
    score,
    reasons,
    pts: points.map(roundPoint),
  });
}

function roundPoint(point: TrackPoint): readonly number[] {
  return point.map((value) => Math.round(value * STEPS_OF_UNIT) / STEPS_OF_UNIT);
}
