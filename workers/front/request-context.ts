import type { CloseCode } from "@sluice/protocol";
import type { Env } from "../env.ts";
import type { RandomBytes } from "../keys/index.ts";

/** What the runtime lends to the front, so that tests can lend their own. */
export interface Runtime {
  now(): number;
  randomBytes: RandomBytes;
  /** Accepts a socket and closes it at once with a code that its client can read. */
  refuseSocket(code: CloseCode, reason: string, subprotocol: string | null): Response;
  /** Writes one line to the log. */
  log(line: string): void;
}

/** All that one request's handling may reach. */
export interface RequestContext extends Runtime {
  readonly env: Env;
  /** Names this request in its answer and in the log. */
  readonly requestId: string;
}

/** The surroundings of one request or of one call by another Worker. */
export function createContext(env: Env, runtime: Runtime): RequestContext {
  return { ...runtime, env, requestId: crypto.randomUUID() };
}
