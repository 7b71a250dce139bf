/** The system's code of an error (`ENOENT`), or its message when it has none. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  const code: unknown = "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : error.message;
}
