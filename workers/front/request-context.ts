import type { CloseCode } from "@sluice/protocol";
import type { VerificationCache } from "../cache/index.ts";
import type { Env } from "../env.ts";
import type { RandomBytes } from "../keys/index.ts";
import type { LedgerRing } from "../ledger/index.ts";
import type { AnsweredChallenges } from "../verify/answered-challenges.ts";
import type { RecentTraffic } from "../verify/recent-traffic.ts";
import type { TrackRecorder } from "../verify/recording/index.ts";
import type { AccountGate } from "./account-gate.ts";

/** What the runtime lends to the front, so that tests can lend their own. */
export interface Runtime {
  now(): number;
  randomBytes: RandomBytes;
  /** Accepts a socket and closes it at once with a code that its client can read. */
  refuseSocket(code: CloseCode, reason: string, subprotocol: string | null): Response;
  /** Writes one line to the log. */
  log(line: string): void;
}

/** What all requests that one isolate serves have in common. */
export interface Isolate extends Runtime {
  /** Verification data: what genuine keys open. */
  readonly records: Pick<VerificationCache, "peek" | "read">;
  readonly gate: AccountGate;
  /** What challenges and passes are used once at. */
  readonly ledger: LedgerRing;
  /** What visitors have done lately. */
  readonly traffic: RecentTraffic;
  /** What need not be judged again. */
  readonly answered: AnsweredChallenges;
  /** Where movements go that are kept for training. */
  readonly recorder: Pick<TrackRecorder, "offer">;
}

/** All that one request's handling may reach. */
export interface RequestContext extends Isolate {
  readonly env: Env;
  /** Names this request in its answer and in the log. */
  readonly requestId: string;
}

/** The surroundings of one request or of one call by another Worker. */
export function createContext(env: Env, isolate: Isolate): RequestContext {
  let requestId: string | null = null;
  return {
    ...isolate,
    env,
    /** Made when it is first asked for: most requests go by without. */
    get requestId() {
      requestId ??= crypto.randomUUID();
      return requestId;
    },
  };
}
