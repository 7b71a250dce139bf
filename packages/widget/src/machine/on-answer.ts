import type { ChallengeAnswer, RefuseReason } from "@sluice/protocol";
import { isPassing } from "../service/faults.ts";
import type { Asked as AskedAnswer, Judged } from "../service/read-answers.ts";
import type { Failure } from "../service/read-refusal.ts";
import type { Model, Note, Settings, State, VisitorPart } from "./state.ts";
import {
  askAnew,
  failWith,
  passWith,
  type Step,
  sendWhenReady,
  stay,
  takeUp,
  tell,
} from "./steps.ts";

/** Failures of the service in a row that are bridged before the page is told. */
const SILENT_FAILURES = 2;
const FIRST_PAUSE_MS = 1_000;
/** Refusals that no visitor has earned, such as a challenge that ran out while a telephone slept. */
const SILENT_REJECTIONS = 2;
/** A check that no visitor takes part in is not repeated for ever at the same pace. */
const LONGEST_RETRY_MS = 900_000;

/** The service asked its question, or gave its verdict at once. */
export function onAsked(
  model: Model,
  answer: AskedAnswer,
  nowMs: number,
  settings: Settings,
): Step {
  const { state } = model;
  if (state.phase !== "loading") return stay(model);
  switch (answer.kind) {
    case "challenge":
      return takeUp({ ...model, failures: 0 }, answer.challenge, state, nowMs, settings);
    case "passed":
      return passWith(model, answer.passed, nowMs);
    case "refused":
      return refuse(model, nowMs, settings);
  }
}

export function onProved(model: Model, nonces: readonly number[], nowMs: number): Step {
  const { state } = model;
  if (state.phase !== "asking" && state.phase !== "checking") return stay(model);
  const asked = { ...state.asked, nonces };
  return sendWhenReady({ ...model, state: { ...state, asked } }, nowMs);
}

/** The service judged the solution. */
export function onJudged(model: Model, judged: Judged, nowMs: number, settings: Settings): Step {
  const { state } = model;
  if (state.phase !== "checking") return stay(model);
  switch (judged.kind) {
    case "passed":
      return passWith(model, judged.passed, nowMs);
    case "again":
      return onAskedAgain(model, state, judged.challenge, nowMs, settings);
    case "refused":
      return onRefused(model, judged.reason, state.part, nowMs, settings);
  }
}

/**
 * A harder question is a new turn: the proof of the first one is worth nothing. A tick counts on where the
 * answer to it is more work; a picture has to be solved.
 */
function onAskedAgain(
  model: Model,
  { part, open }: State & { phase: "checking" },
  challenge: ChallengeAnswer,
  nowMs: number,
  settings: Settings,
): Step {
  const isPlaced = part.answer !== null;
  const note: Note = isPlaced ? "wrong_place" : "harder";
  const next: Model = { ...model, turn: model.turn + 1, note, failures: 0 };
  const isPicture = challenge.interaction === "slider";
  const kept = { part: isPicture || isPlaced ? null : part, open: open || isPicture };
  const again = takeUp(next, challenge, kept, nowMs, settings);
  const told = isPlaced ? [tell({ kind: "wrong_place" })] : [];
  return { model: again.model, effects: [...told, ...again.effects] };
}

function onRefused(
  model: Model,
  reason: RefuseReason,
  part: VisitorPart,
  nowMs: number,
  settings: Settings,
): Step {
  switch (reason) {
    case "answer": {
      const again = askAnew({ ...model, note: "wrong_place", failures: 0 }, { open: true });
      return { model: again.model, effects: [tell({ kind: "wrong_place" }), ...again.effects] };
    }
    case "expired":
    case "used":
    case "too_early":
    case "work":
    case "invalid":
      return model.rejections < SILENT_REJECTIONS
        ? askAgainFor(part, { ...model, rejections: model.rejections + 1 })
        : refuse(model, nowMs, settings);
    case "hostname":
      return failWith(model, "wrong_hostname", null);
    case "track":
    case "score":
      return refuse(model, nowMs, settings);
  }
}

/** A tick counts for the next challenge as well; a piece that was put into a picture does not. */
function askAgainFor(part: VisitorPart, model: Model): Step {
  const open = "open" in model.state && model.state.open;
  return part.answer === null ? askAnew(model, { part, open }) : askAnew(model, { open: true });
}

/** A visitor tries again by a click; a check without one by itself, at growing intervals. */
function refuse(model: Model, nowMs: number, settings: Settings): Step {
  const isAlone = model.interaction === "none" && settings.retries;
  const waitMs = Math.min(LONGEST_RETRY_MS, settings.retryIntervalMs * 2 ** model.rejections);
  const next = { ...model, rejections: model.rejections + 1 };
  return failWith(next, "refused", isAlone ? nowMs + waitMs : null);
}

/** A call failed: it is repeated twice with nobody told, and then as the page wishes. */
export function onFailure(
  model: Model,
  { failure, chance }: { readonly failure: Failure; readonly chance: number },
  nowMs: number,
  settings: Settings,
): Step {
  if (!isPassing(failure.fault)) return failWith(model, failure.fault, null);
  const failures = model.failures + 1;
  const next = { ...model, failures };
  if (!settings.retries) return failWith(next, failure.fault, null);
  if (failures > SILENT_FAILURES) {
    const intervalMs = settings.retryIntervalMs * (0.75 + chance / 2);
    return failWith(next, failure.fault, nowMs + Math.max(failure.retryAfterMs, intervalMs));
  }
  const pauseMs = FIRST_PAUSE_MS * 2 ** (failures - 1) * (0.5 + chance);
  return pauseBefore(next, nowMs + Math.max(failure.retryAfterMs, pauseMs));
}

/** The same call again at a later time: a solution is sent as it is, a challenge asked for anew. */
function pauseBefore(model: Model, untilMs: number): Step {
  const { state } = model;
  switch (state.phase) {
    case "loading": {
      const { part, open } = state;
      return stay({ ...model, state: { phase: "waiting", part, open, untilMs } });
    }
    case "checking":
      return stay({ ...model, state: { ...state, isSent: false, notBeforeMs: untilMs } });
    default:
      return stay(model);
  }
}
