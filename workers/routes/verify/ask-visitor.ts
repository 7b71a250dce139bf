import type { ChallengeAnswer } from "@sluice/protocol";
import type { SiteRecord } from "../../../durable-objects/registry/rpc.ts";
import { keyRing } from "../../front/authenticate.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { workFor } from "../../verify/difficulty.ts";
import { interactionOf } from "../../verify/interaction.ts";
import { newChallenge, type Occasion, presentChallenge } from "../../verify/issue.ts";
import { drawSlider } from "../../verify/slider/index.ts";

/** Asks a visitor, at a level of how often they were asked before. Stores nothing. */
export async function askVisitor(
  context: RequestContext,
  { mode, policy }: SiteRecord,
  occasion: Occasion,
  level: number,
  network: string | null,
): Promise<ChallengeAnswer> {
  const { randomBytes, traffic } = context;
  const now = context.now();
  const { accessible, siteId } = occasion;
  const pressure = traffic.pressureOn(network, siteId, now);
  const interaction = interactionOf(mode, accessible, level);
  const work = workFor({ difficulty: policy.difficulty, accessible, level, pressure });
  const slider = interaction === "slider" ? drawSlider(randomBytes) : null;
  const asked = { ...work, interaction, level, sliderX: slider?.x ?? null };
  const challenge = newChallenge(occasion, asked, now, randomBytes);
  return presentChallenge(keyRing(context), challenge, slider?.spec ?? null, randomBytes);
}
