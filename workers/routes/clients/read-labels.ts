import type { FieldReader } from "@sluice/protocol";

export const MAX_LABELS = 32;
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._:=/-]{0,63}$/;

export const NAME_CHARACTERS = 128;

/** The field `labels`: at most 32 short words, each kept once. */
export function readLabels(fields: FieldReader): string[] {
  const labels = fields.list("labels", MAX_LABELS);
  const fits = labels.every((label) => typeof label === "string" && LABEL.test(label));
  if (!fits) fields.refuse("labels", `must be strings that match ${LABEL.source}`);
  return fits ? [...new Set(labels as readonly string[])] : [];
}
