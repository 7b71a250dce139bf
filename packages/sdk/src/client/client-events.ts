import type { Ending, FinalReason } from "./connection-state.ts";

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

/** The `code` by which a watcher is told how a connection came to its end. */
export function disconnectCode(ending: Ending): number {
  switch (ending.kind) {
    case "closed":
      return ending.code;
    case "refused":
      return ending.status;
    case "failed":
      return 0;
  }
}
