import type {
  ChallengeAnswer,
  ChallengePath,
  Interaction,
  PassedAnswer,
  Track,
} from "@sluice/protocol";
import type { Refresh } from "../options/options.ts";
import type { Fault } from "../service/faults.ts";

/** What of a page's wishes decides how a widget goes on. */
export interface Settings {
  /** Whether it tries again by itself after a failure. */
  readonly retries: boolean;
  readonly retryIntervalMs: number;
  readonly refreshExpired: Refresh;
  readonly refreshTimeout: Refresh;
  /** Nothing is shown in the page, so what a visitor must do opens by itself, in a dialog. */
  readonly opensAtOnce: boolean;
}

/** What the visitor did: where the piece was put, if there was one, and how the pointer moved. */
export interface VisitorPart {
  readonly answer: number | null;
  readonly track: Track | null;
}

/** A challenge with the proof of its work, once there is one. */
export interface Asked {
  readonly challenge: ChallengeAnswer;
  readonly receivedAtMs: number;
  readonly nonces: readonly number[] | null;
}

/** When a widget that rests goes on: when the visitor comes near, on a click, or not before a reset. */
export type Wake = "interest" | "click" | "reset";

export type State =
  /** Nobody asked for a pass yet. */
  | { readonly phase: "idle" }
  /** A challenge is under way. `part` is of a visitor who did not wait for it; `open` keeps the panel. */
  | { readonly phase: "loading"; readonly part: VisitorPart | null; readonly open: boolean }
  /** The service did not answer; it is asked again. */
  | {
      readonly phase: "waiting";
      readonly part: VisitorPart | null;
      readonly open: boolean;
      readonly untilMs: number;
    }
  /** It is the visitor's turn. */
  | { readonly phase: "asking"; readonly asked: Asked; readonly open: boolean }
  /** The visitor did their part. The solution leaves when the proof is there and the time has come. */
  | {
      readonly phase: "checking";
      readonly asked: Asked;
      readonly part: VisitorPart;
      readonly open: boolean;
      readonly notBeforeMs: number;
      readonly isSent: boolean;
    }
  | { readonly phase: "passed"; readonly passed: PassedAnswer; readonly untilMs: number }
  /** A pass or a challenge has run out, or the visitor turned away. */
  | { readonly phase: "resting"; readonly wake: Wake }
  | { readonly phase: "failed"; readonly fault: Fault; readonly retryAtMs: number | null };

/** What the visitor is told beside what is asked. */
export type Note = "expired" | "timed_out" | "wrong_place" | "harder";

/** Everything a widget knows of itself. */
export interface Model {
  readonly state: State;
  /** Of the challenge under way; whatever belongs to an earlier one comes too late. */
  readonly turn: number;
  readonly path: ChallengePath;
  /** What the last challenge asked of the visitor; null before the first. */
  readonly interaction: Interaction | null;
  /** Calls in a row that the service did not answer. */
  readonly failures: number;
  /** Solutions in a row that were refused, though the visitor did nothing wrong. */
  readonly rejections: number;
  readonly note: Note | null;
}

export const NEW_MODEL: Model = {
  state: { phase: "idle" },
  turn: 0,
  path: "usual",
  interaction: null,
  failures: 0,
  rejections: 0,
  note: null,
};

/** A call's answer may take this long; what would run out meanwhile is given up before. */
const SPARE_MS = 5_000;

/** When a challenge is of no more use. */
export function challengeEndsAt({ challenge, receivedAtMs }: Asked): number {
  return receivedAtMs + Math.max(challenge.expiresInMs / 2, challenge.expiresInMs - SPARE_MS);
}

/** When a pass is of no more use; a little early, so that a form sent at the last moment still counts. */
export function passEndsAt({ expiresInMs }: PassedAnswer, nowMs: number): number {
  return nowMs + Math.max(expiresInMs / 2, expiresInMs - SPARE_MS);
}

/** When the machine must be given a `due` event; null when time alone changes nothing. */
export function wakeAt({ state }: Model): number | null {
  switch (state.phase) {
    case "waiting":
    case "passed":
      return state.untilMs;
    case "asking":
      return challengeEndsAt(state.asked);
    case "checking":
      return state.asked.nonces === null || state.isSent
        ? challengeEndsAt(state.asked)
        : state.notBeforeMs;
    case "failed":
      return state.retryAtMs;
    case "idle":
    case "loading":
    case "resting":
      return null;
  }
}
