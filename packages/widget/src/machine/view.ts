import type { SliderSpec } from "@sluice/protocol";
import type { Texts } from "../languages/texts.ts";
import type { Appearance } from "../options/options.ts";
import type { Fault } from "../service/faults.ts";
import type { Model, Note, State } from "./state.ts";

/** A text of the language table that is a plain string. */
export type TextName = {
  [Name in keyof Texts]: Texts[Name] extends string ? Name : never;
}[keyof Texts];

export type Mark = "empty" | "busy" | "done" | "failed";

/** The box in the page. */
export interface BoxView {
  readonly mark: Mark;
  readonly text: TextName;
  /** Whether a click does something. */
  readonly acts: boolean;
  /** Whether the text is said to those who do not see it change. */
  readonly isNews: boolean;
}

/** What is on show over the page. */
export type PanelView =
  | {
      readonly kind: "puzzle";
      readonly slider: SliderSpec;
      readonly isBusy: boolean;
      readonly note: TextName | null;
    }
  /** A picture is on its way. */
  | { readonly kind: "loading"; readonly note: TextName | null }
  /** The machine works in place of the visitor. */
  | { readonly kind: "working" }
  /** A box to tick, where the page shows none. */
  | { readonly kind: "confirm"; readonly box: BoxView };

export interface View {
  /** `reserved` keeps the place of a box that is not yet known to be needed. */
  readonly place: "hidden" | "reserved" | "shown";
  readonly box: BoxView;
  readonly panel: PanelView | null;
}

/** What a page shows of a widget whose own place is not invisible. */
export function viewOf(model: Model, appearance: Appearance): View {
  return { place: placeOf(model, appearance), box: boxOf(model), panel: panelOf(model) };
}

function placeOf({ state, interaction }: Model, appearance: Appearance): View["place"] {
  if (interaction === "none") return "hidden";
  const isKnown = interaction !== null || state.phase === "passed" || state.phase === "failed";
  switch (appearance) {
    case "interaction-only":
      return isKnown ? "shown" : "hidden";
    case "execute":
      return state.phase === "idle" ? "hidden" : isKnown ? "shown" : "reserved";
    case "always":
      return isKnown || state.phase === "idle" ? "shown" : "reserved";
  }
}

function boxOf({ state, note }: Model): BoxView {
  switch (state.phase) {
    case "idle":
      return box("empty", "human");
    case "asking":
      return box("empty", note === null ? "human" : TEXT_OF_NOTE[note], note !== null);
    case "resting":
      return {
        ...box("empty", note === null ? "human" : TEXT_OF_NOTE[note], note !== null),
        acts: state.wake !== "reset",
      };
    case "loading":
    case "waiting":
      return state.part === null && !state.open
        ? box("busy", state.phase === "waiting" ? "unavailable" : "loading")
        : { ...box("busy", "checking", true), acts: false };
    case "checking":
      return { ...box("busy", "checking", true), acts: false };
    case "passed":
      return { ...box("done", "verified", true), acts: false };
    case "failed":
      return { ...box("failed", TEXT_OF_FAULT[state.fault], true), acts: mayTryAgain(state.fault) };
  }
}

function box(mark: Mark, text: TextName, isNews = false): BoxView {
  return { mark, text, acts: true, isNews };
}

function mayTryAgain(fault: Fault): boolean {
  return (
    fault === "unavailable" || fault === "limited" || fault === "refused" || fault === "closed"
  );
}

const TEXT_OF_NOTE: { readonly [Each in Note]: TextName } = {
  expired: "expired",
  timed_out: "timedOut",
  wrong_place: "wrongPlace",
  harder: "harder",
};

const TEXT_OF_FAULT: { readonly [Each in Fault]: TextName } = {
  invalid_sitekey: "misconfigured",
  unknown_sitekey: "misconfigured",
  wrong_hostname: "misconfigured",
  invalid_action: "misconfigured",
  invalid_cdata: "misconfigured",
  unavailable: "unavailable",
  limited: "limited",
  refused: "refused",
  closed: "human",
  unsupported: "unsupported",
};

function panelOf(model: Model): PanelView | null {
  const { state } = model;
  if (!("open" in state) || !state.open) return null;
  const note = model.note === null ? null : TEXT_OF_NOTE[model.note];
  switch (state.phase) {
    case "loading":
    case "waiting":
      return state.part === null ? { kind: "loading", note } : { kind: "working" };
    case "asking":
    case "checking":
      return panelOfChallenge(model, state, note);
  }
}

function panelOfChallenge(
  model: Model,
  state: State & { readonly phase: "asking" | "checking" },
  note: TextName | null,
): PanelView {
  const { slider } = state.asked.challenge;
  const isBusy = state.phase === "checking";
  if (slider !== null) return { kind: "puzzle", slider, isBusy, note };
  return isBusy && model.path === "accessible"
    ? { kind: "working" }
    : { kind: "confirm", box: boxOf(model) };
}
