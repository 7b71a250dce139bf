import { describe, expect, it } from "vitest";
import { ATTACK_FAMILIES } from "../../../model/attacks/index.ts";
import { oneFamilyEach, wholeGroups } from "../../../model/evaluation/folds.ts";

describe("families to leave out", () => {
  it("are one at a time, each once", () => {
    const folds = oneFamilyEach(ATTACK_FAMILIES);
    expect(folds.map(({ away }) => [...away])).toEqual(ATTACK_FAMILIES.map(({ name }) => [name]));
  });

  it("are whole groups, each family once", () => {
    const away = wholeGroups(ATTACK_FAMILIES).map((fold) => fold.away);
    expect(away.flatMap((names) => [...names]).sort()).toEqual(
      ATTACK_FAMILIES.map(({ name }) => name).sort(),
    );
    for (const { name, group } of ATTACK_FAMILIES) {
      const kin = ATTACK_FAMILIES.filter((family) => family.group === group);
      const fold = away.find((names) => names.has(name));
      expect(kin.every((family) => fold?.has(family.name))).toBe(true);
    }
  });
});
