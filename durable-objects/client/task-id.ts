import type { TaskId } from "@sluice/protocol";

/** Digits of the time, base 32: milliseconds until the year 37658. */
const TIME_DIGITS = 10;
/** Digits of the ordinal, base 32: 34 thousand million tasks a client. */
const ORDINAL_DIGITS = 7;
const RADIX = 32;
const SHAPE = /^tk_([0-9a-v]{10})([0-9a-v]{7})$/;

/** The part of an id that all tasks of one segment share; base 32 digits sort as text. */
export function taskIdPrefix(createdAt: number): string {
  return `tk_${createdAt.toString(RADIX).padStart(TIME_DIGITS, "0")}`;
}

/** Id of the task with this ordinal (0, 1, 2, … within its client) in a segment of this prefix. */
export function taskIdOf(prefix: string, ordinal: number): TaskId {
  return (prefix + ordinal.toString(RADIX).padStart(ORDINAL_DIGITS, "0")) as TaskId;
}

/** What an id says: its time in ms and its ordinal; null for anything that is no task id of ours. */
export function parseTaskId(text: string): { createdAt: number; ordinal: number } | null {
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const [, time = "", ordinal = ""] = match;
  return {
    createdAt: Number.parseInt(time, RADIX),
    ordinal: Number.parseInt(ordinal, RADIX),
  };
}
