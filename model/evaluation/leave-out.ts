import { ATTACK_FAMILIES } from "../attacks/index.ts";
import type { LabelledTrack } from "../tracks/labelled-track.ts";
import { quantile } from "../training/calibrate.ts";
import { type Plan, SHIPPED_PLAN, train } from "../training/distil.ts";
import { scorerOf } from "../training/scorer.ts";
import { generateAttacks } from "./generate.ts";
import { percent, row } from "./print.ts";

/** A network for each fold: one teacher in place of several, so that all folds take minutes and not an hour. */
const FOLD_PLAN: Plan = {
  ...SHIPPED_PLAN,
  amounts: { perHuman: 6, perFamily: 160 },
  teachers: 1,
  teacher: { ...SHIPPED_PLAN.teacher, epochs: 8 },
  student: { ...SHIPPED_PLAN.student, epochs: 12 },
};
const FOLDS = 6;
/** People are split as well: the 1% is measured on tracks that took no part in the training. */
const HELD_OUT_EVERY = 4;
const PER_FAMILY = 150;
const ONE_PERCENT = 0.01;

/** Catch rate of each family by a network that has seen no family of its group, where 1% of people are refused. */
export type LeftOut = Readonly<Record<string, number>>;

/**
 * Leaves out each group of families once, several groups at a time, and a quarter of the people; says for each
 * family what a network that was trained on the rest catches of it.
 */
export function leaveFamiliesOut(
  humans: readonly LabelledTrack[],
  seed: number,
  tell: (what: string) => void,
): LeftOut {
  const families = ATTACK_FAMILIES.filter(({ replay }) => !replay);
  const groups = [...new Set(families.map(({ group }) => group))];
  const attacks = generateAttacks(humans, seed + 500, PER_FAMILY);
  const kept = humans.filter((_, index) => index % HELD_OUT_EVERY !== 0);
  const heldOut = humans.filter((_, index) => index % HELD_OUT_EVERY === 0);
  const caught: Record<string, number> = {};
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const away = new Set(groups.filter((_, index) => index % FOLDS === fold));
    tell(`fold ${fold + 1} of ${FOLDS} without ${[...away].join(", ")}`);
    const seen = families.filter(({ group }) => !away.has(group));
    const score = scorerOf(train(kept, seen, FOLD_PLAN, seed, () => {}));
    const strict = quantile(
      heldOut.map(({ points }) => score(points)),
      ONE_PERCENT,
    );
    for (const { name } of families.filter(({ group }) => away.has(group))) {
      const own = attacks.filter(({ family }) => family === name);
      caught[name] = own.filter(({ points }) => score(points) < strict).length / own.length;
    }
  }
  return caught;
}

/** What a network that knows no track of a source refuses of it, at the threshold that refuses 1% of the others. */
export function leaveSourcesOut(
  humans: readonly LabelledTrack[],
  seed: number,
  tell: (what: string) => void,
): LeftOut {
  const families = ATTACK_FAMILIES.filter(({ replay }) => !replay);
  const sources = [...new Set(humans.map(({ source }) => source))];
  const refused: Record<string, number> = {};
  for (const away of sources.length > 1 ? sources : []) {
    tell(`without the people of ${away}`);
    const known = humans.filter(({ source }) => source !== away);
    const score = scorerOf(train(known, families, FOLD_PLAN, seed, () => {}));
    const strict = quantile(
      known.map(({ points }) => score(points)),
      ONE_PERCENT,
    );
    const strangers = humans.filter(({ source }) => source === away);
    refused[away] =
      strangers.filter(({ points }) => score(points) < strict).length / strangers.length;
  }
  return refused;
}

export function printLeftOut(families: LeftOut, sources: LeftOut): void {
  console.log(row("left out", "caught at 1%"));
  for (const [name, share] of Object.entries(families)) console.log(row(name, percent(share)));
  const mean = Object.values(families).reduce((a, b) => a + b, 0) / Object.keys(families).length;
  console.log(row("mean", percent(mean)));
  console.log(`\n${row("people left out", "refused")}`);
  for (const [name, share] of Object.entries(sources)) console.log(row(name, percent(share)));
  console.log();
}
