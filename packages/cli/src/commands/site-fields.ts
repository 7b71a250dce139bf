import type { SiteFields, SiteMode, SitePolicy } from "@sluice/sdk/operator";
import { type Command, InvalidArgumentError, Option } from "commander";
import { gathered } from "./option-values.ts";

const MODES: readonly SiteMode[] = ["invisible", "managed", "slider"];
const DIFFICULTIES: readonly SitePolicy["difficulty"][] = ["low", "normal", "high"];
const USUAL_POLICY: SitePolicy = { difficulty: "normal", enrols: false };

/** What the command line says of a site. */
export interface SiteOptions {
  readonly hostname?: readonly string[];
  readonly mode?: SiteMode;
  readonly threshold?: number;
  readonly difficulty?: SitePolicy["difficulty"];
  readonly enrols?: boolean;
}

/** Adds what a site's owner decides. */
export function withSiteFields(command: Command): Command {
  return command
    .option(
      "--hostname <name>",
      "where its pages are, `*.` for all under one; may be repeated",
      gathered,
    )
    .addOption(new Option("--mode <mode>", "what a visitor is asked for").choices(MODES))
    .option("--threshold <score>", "score from 0 to 1 that a pass needs", score)
    .addOption(
      new Option("--difficulty <level>", "where the proof of work starts").choices(DIFFICULTIES),
    )
    .option("--enrols", "a pass may be exchanged for a client's token")
    .option("--no-enrols", "it may not");
}

/** The options as the service takes them; a policy is whole, `before` fills what is not given. */
export function siteFields(
  { hostname, mode, threshold, difficulty, enrols }: SiteOptions,
  before: SitePolicy = USUAL_POLICY,
): Partial<SiteFields> {
  const policy = {
    ...before,
    ...(difficulty && { difficulty }),
    ...(enrols !== undefined && { enrols }),
  };
  return {
    ...(hostname !== undefined && { hostnames: hostname }),
    ...(mode !== undefined && { mode }),
    ...(threshold !== undefined && { threshold }),
    ...(changesPolicy({ difficulty, enrols }) && { policy }),
  };
}

/** Whether a part of the policy is given. */
export function changesPolicy({
  difficulty,
  enrols,
}: {
  readonly difficulty?: string | undefined;
  readonly enrols?: boolean | undefined;
}): boolean {
  return difficulty !== undefined || enrols !== undefined;
}

function score(text: string): number {
  const number = Number(text);
  const valid = /^\d*\.?\d+$/.test(text) && number <= 1;
  if (!valid) throw new InvalidArgumentError("give a number from 0 to 1.");
  return number;
}
