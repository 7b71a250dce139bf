import { FEATURE_VERSION } from "../../workers/verify/score/features/index.ts";
import { ATTACK_FAMILIES } from "../attacks/index.ts";
import type { LabelledTrack } from "../tracks/labelled-track.ts";
import { quantile } from "../training/calibrate.ts";
import { type Plan, SHIPPED_PLAN, train, trainOn } from "../training/distil.ts";
import { type ExampleGroups, makeExamples } from "../training/examples.ts";
import { type Scorer, scorerOf } from "../training/scorer.ts";
import { strangersLogits, strangersThreshold } from "../training/strangers.ts";
import { FinishedFolds } from "./finished-folds.ts";
import type { Fold } from "./folds.ts";
import { generateAttacks } from "./generate.ts";

/** A network for each fold: the shipped one's size, from labels alone and fewer examples, for time. */
const FOLD_PLAN: Plan = {
  ...SHIPPED_PLAN,
  amounts: { perHuman: 6, perFamily: 160 },
  teachers: 0,
  student: { ...SHIPPED_PLAN.student, epochs: 10 },
};
/** People are split as well: the 1% is measured on tracks that took no part in the training. */
const HELD_OUT_EVERY = 4;
const PER_FAMILY = 150;
const ONE_PERCENT = 0.01;
const SILENT = () => {};

/** Families that a score is trained on: replays are no material. */
export const TRAINING_FAMILIES = ATTACK_FAMILIES.filter(({ replay }) => !replay);

/** Catch rate of a family by a network that has seen none of it. */
export interface UnseenFamily {
  /** Where 1% of people are refused who took no part in the training either. */
  readonly caughtAt1pc: number;
  /** At the threshold that the strangers set, as they set the shipped one; only with strangers. */
  readonly caughtAtShipped?: number;
}

/** What an evaluation by leaving out is made of. */
export interface LeaveOut {
  readonly humans: readonly LabelledTrack[];
  readonly strangers: readonly LabelledTrack[];
  readonly seed: number;
  /** Keeps what is done, to go on with later. */
  readonly keptIn: string | undefined;
  readonly tell: (what: string) => void;
}

/** Trains a network for each fold without its families and a quarter of the people, and judges those families. */
export async function leaveFamiliesOut(
  { humans, strangers, seed, keptIn, tell }: LeaveOut,
  folds: readonly Fold[],
): Promise<Record<string, UnseenFamily>> {
  const attacks = generateAttacks(humans, seed + 500, PER_FAMILY);
  const kept = humans.filter((_, index) => index % HELD_OUT_EVERY !== 0);
  const heldOut = humans.filter((_, index) => index % HELD_OUT_EVERY === 0);
  const examples = makeExamples(kept, TRAINING_FAMILIES, FOLD_PLAN.amounts, seed);
  const counts = [humans.length, strangers.length];
  const key = JSON.stringify({ features: FEATURE_VERSION, plan: FOLD_PLAN, seed, counts });
  const finished = await FinishedFolds.open<UnseenFamily>(keptIn, key);
  let found: Record<string, UnseenFamily> = {};
  for (const [index, { name, away }] of folds.entries()) {
    tell(`${index + 1} of ${folds.length}: without ${name}`);
    let result = finished.get(name);
    if (result === undefined) {
      const score = scorerOf(trainOn(without(examples, away), FOLD_PLAN, seed, SILENT));
      result = judgeUnseen(score, attacks, away, heldOut, strangers);
      await finished.add(name, result);
    }
    found = { ...found, ...result };
  }
  return found;
}

function without({ people, scripts }: ExampleGroups, away: ReadonlySet<string>): ExampleGroups {
  return { people, scripts: new Map([...scripts].filter(([name]) => !away.has(name))) };
}

function judgeUnseen(
  score: Scorer,
  attacks: readonly LabelledTrack[],
  away: ReadonlySet<string>,
  people: readonly LabelledTrack[],
  strangers: readonly LabelledTrack[],
): Record<string, UnseenFamily> {
  const strict = quantile(
    people.map(({ points }) => score(points)),
    ONE_PERCENT,
  );
  const shipped = strangersThreshold(strangersLogits(strangers, score));
  const unseen = attacks.filter(({ family }) => away.has(family));
  const families = Object.entries(Object.groupBy(unseen, ({ family }) => family));
  return Object.fromEntries(
    families.map(([family, own = []]) => {
      const logits = own.map(({ points }) => score(points));
      const below = (limit: number) => logits.filter((l) => l < limit).length / logits.length;
      const caughtAt1pc = below(strict);
      return strangers.length > 0
        ? [family, { caughtAt1pc, caughtAtShipped: below(shipped) }]
        : [family, { caughtAt1pc }];
    }),
  );
}

/** What a network that knows no track of a source refuses of it, at the threshold that refuses 1% of the others. */
export function leaveSourcesOut({ humans, seed, tell }: LeaveOut): Record<string, number> {
  const sources = [...new Set(humans.map(({ source }) => source))];
  const refused: Record<string, number> = {};
  for (const away of sources.length > 1 ? sources : []) {
    tell(`without the people of ${away}`);
    const known = humans.filter(({ source }) => source !== away);
    const score = scorerOf(train(known, TRAINING_FAMILIES, FOLD_PLAN, seed, SILENT));
    const strict = quantile(
      known.map(({ points }) => score(points)),
      ONE_PERCENT,
    );
    const unknown = humans.filter(({ source }) => source === away);
    refused[away] = unknown.filter(({ points }) => score(points) < strict).length / unknown.length;
  }
  return refused;
}
