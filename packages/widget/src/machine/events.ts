import type { ChallengePath, PassedAnswer, PowSpec, SolveRequest, Track } from "@sluice/protocol";
import type { Fault } from "../service/faults.ts";
import type { Asked as AskedAnswer, Judged } from "../service/read-answers.ts";
import type { Failure } from "../service/read-refusal.ts";
import type { VisitorPart } from "./state.ts";

/** Whatever happens to a widget. Answers name the turn they belong to. */
export type Event =
  /** The page, or its rendering, asks for a pass. */
  | { readonly type: "run" }
  | { readonly type: "asked"; readonly turn: number; readonly answer: AskedAnswer }
  | { readonly type: "judged"; readonly turn: number; readonly judged: Judged }
  /** A call failed. `chance` is drawn evenly from 0 to 1. */
  | {
      readonly type: "call_failed";
      readonly turn: number;
      readonly failure: Failure;
      readonly chance: number;
    }
  | { readonly type: "proved"; readonly turn: number; readonly nonces: readonly number[] }
  /** The visitor is about to use the widget. */
  | { readonly type: "interest" }
  | { readonly type: "ticked"; readonly track: Track | null }
  | { readonly type: "placed"; readonly answer: number; readonly track: Track | null }
  /** The visitor asks for the way without a picture. */
  | { readonly type: "picture_declined"; readonly track: Track | null }
  | { readonly type: "another_picture" }
  | { readonly type: "closed" }
  /** The time of {@link wakeAt} has come, or may have. */
  | { readonly type: "due" }
  | { readonly type: "reset" };

/** What the page is told. */
export type Tell =
  | { readonly kind: "passed"; readonly passed: PassedAnswer }
  | { readonly kind: "failed"; readonly fault: Fault }
  | { readonly kind: "expired"; readonly passed: PassedAnswer }
  | { readonly kind: "timed_out" }
  /** The visitor has, or has no more, something to do. */
  | { readonly kind: "interactive"; readonly begins: boolean }
  /** The panel came or went; `dismissed` where the visitor closed it and has not solved what it asked. */
  | { readonly kind: "panel"; readonly opens: boolean; readonly dismissed: boolean }
  | { readonly kind: "wrong_place" };

/** What is to be done. */
export type Effect =
  | { readonly do: "ask"; readonly turn: number; readonly path: ChallengePath }
  | { readonly do: "prove"; readonly turn: number; readonly work: PowSpec }
  | {
      readonly do: "solve";
      readonly turn: number;
      readonly solution: Pick<SolveRequest, "challenge" | "pow"> & VisitorPart;
    }
  | { readonly do: "tell"; readonly tell: Tell };
