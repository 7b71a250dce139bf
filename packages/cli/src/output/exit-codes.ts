/** How `sluice` ends; scripts may rely on these. */
export const EXIT_CODES = {
  ok: 0,
  /** A task did not succeed, or the service refused the call. */
  failed: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The key or token is missing, wrong or revoked. */
  auth: 3,
  notFound: 4,
  /** The service cannot be reached, is overloaded, or is down. */
  unavailable: 5,
} as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

/** A failure that is told to the user in one sentence and ends the command with its code. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A command line that cannot be understood. */
export function usageFailure(message: string): CommandFailure {
  return new CommandFailure(EXIT_CODES.usage, message);
}

/** The exit code for an HTTP status that the service refused a call with. */
export function exitCodeOfStatus(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT_CODES.auth;
  if (status === 404) return EXIT_CODES.notFound;
  return status === 429 || status >= 500 ? EXIT_CODES.unavailable : EXIT_CODES.failed;
}
