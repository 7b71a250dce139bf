import type { JournalState } from "../journal/journal-state.ts";
import type { Executor } from "./executor.ts";
import type { Intake } from "./intake.ts";
import type { Link } from "./link.ts";
import type { Outbox } from "./outbox.ts";

/** Counters since the client was made, and what it holds now. */
export interface ClientStats {
  readonly connection: "idle" | "waiting" | "connecting" | "greeting" | "online" | "final";
  readonly epoch: number | null;
  readonly connections: number;
  readonly framesReceived: number;
  readonly framesSent: number;
  readonly batches: number;
  /** Batches that arrived when the client's own limiter had no token. */
  readonly limiterTrips: number;
  /** Tasks that arrived and were held or finished already. */
  readonly duplicates: number;
  readonly held: number;
  readonly ready: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly abandoned: number;
  readonly reportsSent: number;
  readonly reportsResent: number;
  /** Items that are in no report yet. */
  readonly unreported: number;
  /** Reports without an answer. */
  readonly unanswered: number;
}

/** The parts of a client that count. */
interface Counting {
  readonly state: JournalState;
  readonly link: Link;
  readonly intake: Intake;
  readonly executor: Executor;
  readonly outbox: Outbox;
}

/** What they have counted by now. */
export function statsOf({ state, link, intake, executor, outbox }: Counting): ClientStats {
  return {
    connection: link.phase,
    epoch: link.epoch,
    connections: link.connections,
    framesReceived: link.framesReceived,
    framesSent: link.framesSent,
    batches: intake.batches,
    limiterTrips: intake.limiterTrips,
    duplicates: intake.duplicates,
    held: state.held.size,
    ready: executor.ready,
    running: executor.running,
    succeeded: executor.succeeded,
    failed: executor.failed,
    cancelled: executor.cancelled,
    abandoned: executor.abandoned,
    reportsSent: outbox.reportsSent,
    reportsResent: outbox.reportsResent,
    unreported: state.unreported.length,
    unanswered: state.unanswered.size,
  };
}
