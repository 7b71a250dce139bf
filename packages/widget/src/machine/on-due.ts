import type { PassedAnswer } from "@sluice/protocol";
import type { Refresh } from "../options/options.ts";
import { onJudged } from "./on-answer.ts";
import { challengeEndsAt, type Model, type Settings, type Wake, wakeAt } from "./state.ts";
import { askAnew, type Step, sendWhenReady, stay, tell } from "./steps.ts";

/** Does what time alone asks for, if its time has come. */
export function onDue(model: Model, nowMs: number, settings: Settings): Step {
  const dueMs = wakeAt(model);
  if (dueMs === null || nowMs < dueMs) return stay(model);
  const { state } = model;
  switch (state.phase) {
    case "waiting":
      return askAnew(model, state);
    case "failed":
      return askAnew(model);
    case "passed":
      return onPassEnded(model, state.passed, settings);
    case "asking":
      return onChallengeEnded(model, state.open, settings);
    case "checking":
      return nowMs >= challengeEndsAt(state.asked)
        ? onJudged(model, { kind: "refused", reason: "expired" }, nowMs, settings)
        : sendWhenReady(model, nowMs);
    default:
      return stay(model);
  }
}

/** A check that nobody takes part in is renewed at once; one with a visitor when they come back. */
function onPassEnded(model: Model, passed: PassedAnswer, { refreshExpired }: Settings): Step {
  const told = tell({ kind: "expired", passed });
  const ended = { ...model, turn: model.turn + 1, note: "expired" } as const;
  if (refreshExpired === "auto" && model.interaction === "none") {
    const again = askAnew({ ...ended, note: null });
    return { model: again.model, effects: [told, ...again.effects] };
  }
  return {
    model: { ...ended, state: { phase: "resting", wake: wakeFor(refreshExpired) } },
    effects: [told],
  };
}

/** A puzzle that is on show is replaced; a box that waits asks again when the visitor comes near. */
function onChallengeEnded(model: Model, open: boolean, { refreshTimeout }: Settings): Step {
  const told = tell({ kind: "timed_out" });
  if (refreshTimeout === "auto" && open) {
    const again = askAnew({ ...model, note: "timed_out" }, { open });
    return { model: again.model, effects: [told, ...again.effects] };
  }
  // A box that nobody has touched looks as it did.
  const note = refreshTimeout === "auto" ? null : "timed_out";
  const state = { phase: "resting", wake: wakeFor(refreshTimeout) } as const;
  return { model: { ...model, turn: model.turn + 1, note, state }, effects: [told] };
}

function wakeFor(refresh: Refresh): Wake {
  const wakes = { auto: "interest", manual: "click", never: "reset" } as const;
  return wakes[refresh];
}
