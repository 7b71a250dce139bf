import type { JsonObject, Page } from "@sluice/protocol";
import { SluiceError } from "./sluice-error.ts";

/**
 * Takes an answer of the service for what the call promises, once the fields that tell it apart are
 * there. Throws `unexpected_answer` otherwise.
 */
export function answerWith<Answer extends object>(
  value: JsonObject,
  ...fields: readonly (keyof Answer & string)[]
): Answer {
  const missing = fields.find((field) => value[field] === undefined);
  if (missing !== undefined) {
    throw new SluiceError("unexpected_answer", `the answer has no field ${missing}`);
  }
  return value as unknown as Answer;
}

/** Takes an answer for one page of a list. */
export function pageWith<Item>(value: JsonObject): Page<Item> {
  const { items, cursor } = value;
  if (!Array.isArray(items) || (cursor !== null && typeof cursor !== "string")) {
    throw new SluiceError("unexpected_answer", "the answer is not a page of a list");
  }
  return { items: items as readonly unknown[] as readonly Item[], cursor };
}
