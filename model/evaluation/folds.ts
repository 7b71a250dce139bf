import type { AttackFamily } from "../attacks/index.ts";

/** Families that one network is trained without. */
export interface Fold {
  readonly name: string;
  readonly away: ReadonlySet<string>;
}

/** One network for several groups at a time. */
const GROUP_FOLDS = 6;

/** Each family alone: a script that nobody has written yet, beside all that have been. */
export function oneFamilyEach(families: readonly AttackFamily[]): Fold[] {
  return families.map(({ name }) => ({ name, away: new Set([name]) }));
}

/** Whole groups, several at a time: ideas that nobody has had yet. Harder, and a tenth of the time. */
export function wholeGroups(families: readonly AttackFamily[]): Fold[] {
  const groups = [...new Set(families.map(({ group }) => group))];
  return Array.from({ length: GROUP_FOLDS }, (_, fold) => {
    const away = groups.filter((_, index) => index % GROUP_FOLDS === fold);
    const gone = families.filter(({ group }) => away.includes(group));
    return { name: away.join(", "), away: new Set(gone.map(({ name }) => name)) };
  });
}
