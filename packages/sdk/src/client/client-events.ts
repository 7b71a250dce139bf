import type { FinalReason } from "./connection-state.ts";

/** Why a client came to its end. */
export type EndReason = FinalReason | "journal_failed";

/** What a client tells whoever watches it. None holds a token or what a task carries. */
export type ClientEvent =
  | { readonly type: "connected"; readonly epoch: number; readonly clientId: string }
  | {
      readonly type: "disconnected";
      /** Close code, HTTP status of a refused upgrade, or 0 for a connection that broke. */
      readonly code: number;
      readonly retryInMs: number;
    }
  | { readonly type: "half_open" }
  | { readonly type: "bye"; readonly code: number; readonly reason: string }
  | { readonly type: "limiter_tripped" }
  | { readonly type: "task_poisoned"; readonly id: string; readonly kind: string }
  | { readonly type: "journal_repaired"; readonly droppedBytes: number }
  | { readonly type: "journal_failed"; readonly cause: unknown }
  | { readonly type: "ended"; readonly reason: EndReason };

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
