import type { Track } from "@sluice/protocol";
import type { Model, Settings, VisitorPart } from "./state.ts";
import { askAnew, type Step, sendWhenReady, stay, tell } from "./steps.ts";

/** The visitor ticked the box. One who is faster than the service is not made to do it again. */
export function onTicked(model: Model, track: Track | null, nowMs: number): Step {
  const { state } = model;
  const part: VisitorPart = { answer: null, track };
  switch (state.phase) {
    case "loading":
      return stay({ ...model, note: null, state: { ...state, part } });
    case "asking":
      return state.asked.challenge.interaction === "slider"
        ? stay({ ...model, state: { ...state, open: true } })
        : check(model, part, nowMs);
    case "resting":
      return state.wake === "reset" ? stay(model) : askAnew({ ...model, note: null }, { part });
    case "failed":
      return askAnew({ ...model, failures: 0, rejections: 0 }, { part });
    case "idle":
    case "waiting":
      return askAnew({ ...model, note: null }, { part });
    case "checking":
    case "passed":
      return stay(model);
  }
}

/** The visitor put the piece where they think it belongs. */
export function onPlaced(model: Model, part: VisitorPart, nowMs: number): Step {
  const { answer, track } = part;
  return model.state.phase === "asking" ? check(model, { answer, track }, nowMs) : stay(model);
}

function check(model: Model, part: VisitorPart, nowMs: number): Step {
  const { state } = model;
  if (state.phase !== "asking") return stay(model);
  const { asked, open } = state;
  const notBeforeMs = asked.receivedAtMs + asked.challenge.minimumMs;
  const checking = { phase: "checking", asked, part, open, notBeforeMs, isSent: false } as const;
  const sent = sendWhenReady({ ...model, note: null, state: checking }, nowMs);
  return {
    model: sent.model,
    effects: [tell({ kind: "interactive", begins: false }), ...sent.effects],
  };
}

/**
 * The visitor cannot, or will not, solve a picture: from now on the widget asks for none. Having asked so is
 * their part; the rest is work for the machine.
 */
export function onDeclined(model: Model, track: Track | null): Step {
  const { phase } = model.state;
  if (phase !== "asking" && phase !== "loading") return stay(model);
  const accessible = { ...model, path: "accessible", note: null } as const;
  return askAnew(accessible, { part: { answer: null, track }, open: true });
}

/** The visitor closed the panel. Where the page shows nothing else, that ends the check. */
export function onClosed(model: Model, { opensAtOnce }: Settings): Step {
  const { state } = model;
  if (!("open" in state) || !state.open) return stay(model);
  if (opensAtOnce) {
    return {
      model: { ...model, turn: model.turn + 1, note: null, state: { phase: "idle" } },
      effects: [tell({ kind: "failed", fault: "closed" })],
    };
  }
  if (state.phase === "asking") {
    return stay({ ...model, note: null, state: { ...state, open: false } });
  }
  const resting = { phase: "resting", wake: "interest" } as const;
  return stay({ ...model, turn: model.turn + 1, note: null, state: resting });
}
