import { expect, it } from "vitest";
import { interactionOf } from "../../../workers/verify/interaction.ts";

it.each([
  ["invisible", false, ["none", "none", "none"]],
  ["invisible", true, ["none", "none", "none"]],
  ["managed", false, ["checkbox", "slider", "slider"]],
  ["managed", true, ["checkbox", "checkbox", "checkbox"]],
  ["slider", false, ["slider", "slider", "slider"]],
  ["slider", true, ["checkbox", "checkbox", "checkbox"]],
] as const)(
  "a site of mode %s, accessible %s, asks level by level for %j",
  (mode, accessible, asked) => {
    expect([0, 1, 2].map((level) => interactionOf(mode, accessible, level))).toEqual(asked);
  },
);
