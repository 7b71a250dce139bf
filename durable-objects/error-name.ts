/** The kind of an error, for a line of the log: never its text, which may quote what it choked on. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
