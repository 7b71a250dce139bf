import type { ChallengeAnswer, PassedAnswer } from "@sluice/protocol";
import type { Fault } from "../service/faults.ts";
import type { Effect, Event, Tell } from "./events.ts";
import { type Model, passEndsAt, type Settings, type State, type VisitorPart } from "./state.ts";

/** A widget as it is after an event, and what is to be done. */
export interface Step {
  readonly model: Model;
  readonly effects: readonly Effect[];
}

/** Nothing is to be done. */
export function stay(model: Model): Step {
  return { model, effects: [] };
}

export function tell(said: Tell): Effect {
  return { do: "tell", tell: said };
}

/** What a new question keeps of the one before. */
export interface Kept {
  readonly part?: VisitorPart | null;
  /** Whether the panel stays, or comes, on show. */
  readonly open?: boolean;
}

/** Asks for a challenge, in a turn of its own. */
export function askAnew(model: Model, { part = null, open = false }: Kept = {}): Step {
  const turn = model.turn + 1;
  const state: State = { phase: "loading", part, open };
  return { model: { ...model, turn, state }, effects: [{ do: "ask", turn, path: model.path }] };
}

/** Takes up a challenge. The proof begins at once, so that it is ready when the visitor is. */
export function takeUp(
  model: Model,
  challenge: ChallengeAnswer,
  { part = null, open = false }: Kept,
  nowMs: number,
  { opensAtOnce }: Settings,
): Step {
  const { interaction, pow } = challenge;
  const prove: Effect = { do: "prove", turn: model.turn, work: pow };
  const asked = { challenge, receivedAtMs: nowMs, nonces: null };
  const next = { ...model, interaction };
  const done = interaction === "none" ? (part ?? NOTHING_DONE) : part;
  if (interaction !== "slider" && done !== null) {
    const notBeforeMs = nowMs + challenge.minimumMs;
    const state = {
      phase: "checking",
      asked,
      part: done,
      open,
      notBeforeMs,
      isSent: false,
    } as const;
    return { model: { ...next, state }, effects: [prove] };
  }
  const state = { phase: "asking", asked, open: open || opensAtOnce || part !== null } as const;
  return {
    model: { ...next, state },
    effects: [prove, tell({ kind: "interactive", begins: true })],
  };
}

const NOTHING_DONE: VisitorPart = { answer: null, track: null };

/** Sends the solution if its proof is there and it is not too early. */
export function sendWhenReady(model: Model, nowMs: number): Step {
  const { state, turn } = model;
  if (state.phase !== "checking" || state.isSent) return stay(model);
  const { asked, part, notBeforeMs } = state;
  if (asked.nonces === null || nowMs < notBeforeMs) return stay(model);
  const solution = { challenge: asked.challenge.challenge, pow: asked.nonces, ...part };
  return {
    model: { ...model, state: { ...state, isSent: true } },
    effects: [{ do: "solve", turn, solution }],
  };
}

export function passWith(model: Model, passed: PassedAnswer, nowMs: number): Step {
  const state = { phase: "passed", passed, untilMs: passEndsAt(passed, nowMs) } as const;
  return {
    model: { ...model, state, failures: 0, rejections: 0, note: null },
    effects: [tell({ kind: "passed", passed })],
  };
}

export function failWith(model: Model, fault: Fault, retryAtMs: number | null): Step {
  return {
    model: {
      ...model,
      turn: model.turn + 1,
      note: null,
      state: { phase: "failed", fault, retryAtMs },
    },
    effects: [tell({ kind: "failed", fault })],
  };
}

/** Whether what the visitor has to do is on show over the page. */
export function isOpen({ state }: Model): boolean {
  return "open" in state && state.open;
}

/** Adds what a page is told of a panel that came or went after an event. */
export function tellPanel(before: Model, { model, effects }: Step, { type }: Event): Step {
  const opens = isOpen(model);
  if (opens === isOpen(before)) return { model, effects };
  const told = tell({ kind: "panel", opens, dismissed: type === "closed" });
  return { model, effects: [...effects, told] };
}
