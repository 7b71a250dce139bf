import type { BackoffPolicy } from "./backoff.ts";

/** Times that govern a connection, in ms. */
export interface ConnectionPolicy {
  readonly backoff: BackoffPolicy;
  /** From opening the socket to `welcome`. */
  readonly greetingTimeoutMs: number;
  /** A connection that lived this long clears the count of failures. */
  readonly stableMs: number;
  /** Least wait after another machine took this identity's place. */
  readonly supersededMs: number;
}

/** How a socket came to its end. */
export type Ending =
  | { readonly kind: "closed"; readonly code: number; readonly reason: string }
  /** The upgrade was answered with an HTTP status instead. */
  | { readonly kind: "refused"; readonly status: number; readonly retryAfterMs: number }
  | { readonly kind: "failed" };

/** Why a client will not connect again by itself. */
export type FinalReason = "stopped" | "revoked" | "unauthenticated";

export interface Farewell {
  readonly code: number;
  readonly retryAfterMs: number;
}

export type ConnectionState =
  | { readonly phase: "idle" }
  | { readonly phase: "waiting"; readonly failures: number; readonly until: number }
  | { readonly phase: "connecting"; readonly failures: number; readonly giveUpAt: number }
  | {
      readonly phase: "greeting";
      readonly failures: number;
      readonly giveUpAt: number;
      readonly farewell: Farewell | null;
    }
  | {
      readonly phase: "online";
      readonly failures: number;
      readonly epoch: number;
      readonly since: number;
      readonly heartbeatMs: number;
      readonly nextPingAt: number;
      readonly unansweredPings: number;
      readonly farewell: Farewell | null;
    }
  | { readonly phase: "final"; readonly reason: FinalReason };

export type ConnectionEvent =
  | { readonly type: "start" }
  | { readonly type: "opened" }
  | { readonly type: "welcomed"; readonly epoch: number; readonly heartbeatMs: number }
  /** Anything at all arrived. */
  | { readonly type: "heard" }
  | { readonly type: "farewell"; readonly code: number; readonly retryAfterMs: number }
  | { readonly type: "ended"; readonly ending: Ending }
  | { readonly type: "woke" }
  | { readonly type: "stop" };

/** What the shell has to do, in order. */
export type ConnectionEffect =
  | { readonly type: "open" }
  | { readonly type: "greet" }
  | { readonly type: "ping" }
  /** Drop the socket without waiting for the peer. */
  | { readonly type: "terminate"; readonly cause: "half_open" | "no_welcome" }
  | { readonly type: "close" }
  | { readonly type: "lost"; readonly ending: Ending; readonly retryInMs: number }
  | { readonly type: "final"; readonly reason: FinalReason };

/** The moment of a step: the time in ms, and a random number in [0, 1). */
export interface Moment {
  readonly now: number;
  readonly random: number;
}

export interface Step {
  readonly state: ConnectionState;
  readonly effects: readonly ConnectionEffect[];
}

/** When the state wants to be woken, in ms; null when only an event moves it. */
export function connectionWakeAt(state: ConnectionState): number | null {
  switch (state.phase) {
    case "waiting":
      return state.until;
    case "connecting":
    case "greeting":
      return state.giveUpAt;
    case "online":
      return state.nextPingAt;
    case "idle":
    case "final":
      return null;
  }
}
