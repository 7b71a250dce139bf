import type { FieldReader } from "@sluice/protocol";
import {
  RECORDING_LIMITS,
  type Recording,
  TRACK_LABELS,
} from "../../../durable-objects/recorder/rpc.ts";

const { days, sharePercent, sourceCharacters } = RECORDING_LIMITS;
const SOURCE = /^[\w.-]+$/;

/** `recording` of a site: null for none, or `{label, source?, sharePercent?, days?}`. */
export function readRecording(fields: FieldReader): Recording | null {
  if (fields.isNull("recording")) return null;
  const given = fields.nested("recording");
  return {
    label: given.oneOf("label", TRACK_LABELS),
    source: readSource(given),
    sharePercent: given.integerOr(sharePercent.usual, "sharePercent", 1, sharePercent.most),
    days: given.integerOr(days.usual, "days", 1, days.most),
  };
}

function readSource(fields: FieldReader): string | null {
  const isGiven = fields.has("source") && !fields.isNull("source");
  return isGiven ? fields.name("source", sourceCharacters, SOURCE) : null;
}
