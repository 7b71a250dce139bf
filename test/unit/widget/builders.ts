import type { ChallengeAnswer, PassedAnswer, SliderSpec, Track } from "@sluice/protocol";
import type { Effect, Event, Tell } from "../../../packages/widget/src/machine/events.ts";
import {
  type Model,
  NEW_MODEL,
  type Settings,
} from "../../../packages/widget/src/machine/state.ts";
import { step } from "../../../packages/widget/src/machine/step.ts";

export const SETTINGS: Settings = {
  retries: true,
  retryIntervalMs: 8_000,
  refreshExpired: "auto",
  refreshTimeout: "auto",
  opensAtOnce: false,
};

export const PASSED: PassedAnswer = {
  verdict: "pass",
  pass: "sp_pass",
  id: "0".repeat(32),
  solvedAt: 1_760_000_000,
  expiresInMs: 300_000,
};

export const TRACK: Track = { pointer: "mouse", points: [[0, 0, 0]] };

export const SLIDER: SliderSpec = {
  width: 320,
  height: 160,
  background: "AA==",
  piece: "AA==",
  mediaType: "image/png",
  pieceWidth: 48,
  pieceHeight: 48,
  pieceTop: 57,
};

export function challenge(
  interaction: ChallengeAnswer["interaction"] = "checkbox",
  changes: Partial<ChallengeAnswer> = {},
): ChallengeAnswer {
  return {
    challenge: "sc_challenge",
    interaction,
    pow: { seed: "A".repeat(22), puzzles: 2, bits: 4 },
    slider: interaction === "slider" ? SLIDER : null,
    minimumMs: 300,
    expiresInMs: 180_000,
    ...changes,
  };
}

/** A widget's machine with a clock, as its shell would run it; keeps what it was told to do. */
export class Rig {
  model: Model = NEW_MODEL;
  nowMs = 1_000;
  effects: Effect[] = [];
  readonly told: Tell[] = [];
  readonly #settings: Settings;

  constructor(changes: Partial<Settings> = {}) {
    this.#settings = { ...SETTINGS, ...changes };
  }

  /** What an event makes it do. */
  on(event: Event): readonly Effect[] {
    const { model, effects } = step(this.model, event, this.nowMs, this.#settings);
    this.model = model;
    this.effects.push(...effects);
    for (const effect of effects) if (effect.do === "tell") this.told.push(effect.tell);
    return effects;
  }

  after(ms: number): readonly Effect[] {
    this.nowMs += ms;
    return this.on({ type: "due" });
  }

  asked(answer: ChallengeAnswer = challenge()): readonly Effect[] {
    return this.on({
      type: "asked",
      turn: this.model.turn,
      answer: { kind: "challenge", challenge: answer },
    });
  }

  proved(): readonly Effect[] {
    return this.on({ type: "proved", turn: this.model.turn, nonces: [1, 2] });
  }

  judged(judged: Extract<Event, { type: "judged" }>["judged"]): readonly Effect[] {
    return this.on({ type: "judged", turn: this.model.turn, judged });
  }

  refused(reason: "answer" | "expired" | "score" | "used" | "hostname"): readonly Effect[] {
    return this.judged({ kind: "refused", reason });
  }

  failed(
    fault: "unavailable" | "limited" | "wrong_hostname" = "unavailable",
    retryAfterMs = 0,
    chance = 0.5,
  ): readonly Effect[] {
    const failure = { fault, retryAfterMs };
    return this.on({ type: "call_failed", turn: this.model.turn, failure, chance });
  }

  tick(): readonly Effect[] {
    return this.on({ type: "ticked", track: TRACK });
  }

  get phase(): string {
    return this.model.state.phase;
  }

  get tellings(): readonly string[] {
    return this.told.map((tell) => tell.kind);
  }
}

/** A machine whose box waits for the visitor, with the proof there and the time come. */
export function askingRig(answer = challenge(), changes: Partial<Settings> = {}): Rig {
  const rig = new Rig(changes);
  rig.on({ type: "run" });
  rig.asked(answer);
  rig.proved();
  rig.nowMs += 1_000;
  return rig;
}

/** A machine that holds a pass. */
export function passedRig(answer = challenge(), changes: Partial<Settings> = {}): Rig {
  const rig = askingRig(answer, changes);
  rig.tick();
  rig.on({ type: "due" });
  rig.judged({ kind: "passed", passed: PASSED });
  return rig;
}

export function kinds(effects: readonly Effect[]): readonly string[] {
  return effects.map((effect) => effect.do);
}
