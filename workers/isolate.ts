import { VerificationCache } from "./cache/index.ts";
import type { Env } from "./env.ts";
import { AccountGate } from "./front/account-gate.ts";
import { refuseSocket } from "./front/refuse-socket.ts";
import type { Isolate } from "./front/request-context.ts";
import { cryptoRandomBytes } from "./keys/index.ts";
import { ledgerRing } from "./ledger/index.ts";
import { AnsweredChallenges } from "./verify/answered-challenges.ts";
import { RecentTraffic } from "./verify/recent-traffic.ts";
import { TrackRecorder } from "./verify/recording/index.ts";

/** What the requests of one isolate share, made with its first; `waitUntil` is the platform's. */
export function startIsolate(env: Env, waitUntil: (work: Promise<unknown>) => void): Isolate {
  const now = () => Date.now();
  return {
    now,
    randomBytes: cryptoRandomBytes,
    refuseSocket,
    log: (line) => console.error(line),
    records: new VerificationCache({ kv: env.CACHE, now, waitUntil }),
    gate: new AccountGate(),
    ledger: ledgerRing(env.LEDGER, { keepAlive: waitUntil }),
    traffic: new RecentTraffic(),
    answered: new AnsweredChallenges(),
    recorder: new TrackRecorder({ recorders: env.RECORDER, now, waitUntil }),
  };
}
