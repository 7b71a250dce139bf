import { plainText } from "./plain-text.ts";

/** A line of a description; one without a value is left out. */
export type Field = readonly [name: string, value: string | number | null | undefined];

/** Writes named values under one another, values aligned. Values are made safe to print here. */
export function fieldLines(fields: readonly Field[]): string[] {
  const present = fields.filter(([, value]) => value !== null && value !== undefined);
  const width = Math.max(0, ...present.map(([name]) => name.length));
  return present.map(([name, value]) => `${name.padEnd(width)}  ${plainText(String(value))}`);
}
