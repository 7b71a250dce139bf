import type { Interaction } from "@sluice/protocol";
import type { SiteMode } from "../../durable-objects/registry/rpc.ts";

/** After so many harder challenges the answer is no. */
export const MAX_LEVEL = 2;

/**
 * A solution that comes sooner after its challenge was not a person's, or not this challenge's: a hand needs
 * longer to reach a box, and longer yet to move a piece to its place.
 */
export const MINIMUM_MS: { readonly [Each in Interaction]: number } = {
  none: 200,
  checkbox: 300,
  slider: 800,
};

/** What a visitor is asked to do, by the site's mode, the path, and how often they were asked already. */
export function interactionOf(mode: SiteMode, accessible: boolean, level: number): Interaction {
  switch (mode) {
    case "invisible":
      return "none";
    case "managed":
      return accessible || level === 0 ? "checkbox" : "slider";
    case "slider":
      return accessible ? "checkbox" : "slider";
  }
}
