import type { Event } from "./events.ts";
import { onAsked, onFailure, onJudged, onProved } from "./on-answer.ts";
import { onDue } from "./on-due.ts";
import { onClosed, onDeclined, onPlaced, onTicked } from "./on-visitor.ts";
import { type Model, NEW_MODEL, type Settings } from "./state.ts";
import { askAnew, type Step, stay, tellPanel } from "./steps.ts";

/** Where a widget goes from here. A pure function; the time is given. */
export function step(model: Model, event: Event, nowMs: number, settings: Settings): Step {
  const next = react(model, event, nowMs, settings);
  return tellPanel(model, next, event);
}

function react(model: Model, event: Event, nowMs: number, settings: Settings): Step {
  if ("turn" in event && event.turn !== model.turn) return stay(model);
  switch (event.type) {
    case "run":
      return onRun(model);
    case "asked":
      return onAsked(model, event.answer, nowMs, settings);
    case "judged":
      return onJudged(model, event.judged, nowMs, settings);
    case "call_failed":
      return onFailure(model, event, nowMs, settings);
    case "proved":
      return onProved(model, event.nonces, nowMs);
    case "interest":
      return onInterest(model);
    case "ticked":
      return onTicked(model, event.track, nowMs);
    case "placed":
      return onPlaced(model, event, nowMs);
    case "picture_declined":
      return onDeclined(model, event.track);
    case "another_picture":
      return model.state.phase === "asking" ? askAnew(model, { open: true }) : stay(model);
    case "closed":
      return onClosed(model, settings);
    case "due":
      return onDue(model, nowMs, settings);
    case "reset":
      return stay({ ...NEW_MODEL, turn: model.turn + 1, path: model.path });
  }
}

/** A call for a pass is heard when nothing is under way and none is held. */
function onRun(model: Model): Step {
  switch (model.state.phase) {
    case "idle":
    case "resting":
    case "failed":
      return askAnew({ ...model, failures: 0, rejections: 0 });
    default:
      return stay(model);
  }
}

function onInterest(model: Model): Step {
  const { state } = model;
  return state.phase === "resting" && state.wake === "interest" ? askAnew(model) : stay(model);
}
