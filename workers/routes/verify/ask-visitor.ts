import type { ChallengeAnswer } from "@sluice/protocol";
import type { SiteRecord } from "../../../durable-objects/registry/rpc.ts";
import { keyRing } from "../../front/authenticate.ts";
import type { RequestContext } from "../../front/request-context.ts";
import { workFor } from "../../verify/difficulty.ts";
import { interactionOf } from "../../verify/interaction.ts";
import { newChallenge, type Occasion, presentChallenge } from "../../verify/issue.ts";

/** Asks a visitor, at a level of how often they were asked before. */
export async function askVisitor(
  context: RequestContext,
  { mode, policy }: SiteRecord,
  occasion: Occasion,
  level: number,
  network: string | null,
): Promise<ChallengeAnswer> {
  const now = context.now();
  const { accessible, siteId } = occasion;
  const pressure = context.traffic.pressureOn(network, siteId, now);
  const asked = {
    ...workFor({ difficulty: policy.difficulty, accessible, level, pressure }),
    interaction: interactionOf(mode, accessible, level),
    level,
  };
  const challenge = newChallenge(occasion, asked, now, context.randomBytes);
  return presentChallenge(await keyRing(context), challenge, context.randomBytes);
}
