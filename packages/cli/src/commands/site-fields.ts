import type { SiteChanges, SiteFields, SiteMode, SitePolicy } from "@sluice/sdk/operator";
import { type Command, InvalidArgumentError, Option } from "commander";
import { gathered } from "./option-values.ts";
import {
  changesRecording,
  type RecordingOptions,
  recordingOf,
  withRecording,
} from "./recording-options.ts";

const MODES: readonly SiteMode[] = ["invisible", "managed", "slider"];
const DIFFICULTIES: readonly SitePolicy["difficulty"][] = ["low", "normal", "high"];
/** What is decided in whole: a part of it that is given changes the rest of what there was. */
type Decided = Pick<SiteFields, "policy" | "recording">;
const USUAL: Decided = { policy: { difficulty: "normal", enrols: false }, recording: null };

/** What the command line says of a site. */
export interface SiteOptions extends RecordingOptions {
  readonly hostname?: readonly string[];
  readonly mode?: SiteMode;
  readonly threshold?: number;
  readonly difficulty?: SitePolicy["difficulty"];
  readonly enrols?: boolean;
}

/** Adds what a site's owner decides. */
export function withSiteFields(command: Command): Command {
  return withRecording(command)
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

/** The options as the service takes them; `before` fills what is not given of policy and recording. */
export function siteFields(options: SiteOptions, before: Decided = USUAL): SiteChanges {
  const { hostname, mode, threshold, difficulty, enrols } = options;
  const policy = {
    ...before.policy,
    ...(difficulty && { difficulty }),
    ...(enrols !== undefined && { enrols }),
  };
  return {
    ...(hostname !== undefined && { hostnames: hostname }),
    ...(mode !== undefined && { mode }),
    ...(threshold !== undefined && { threshold }),
    ...(changesPolicy(options) && { policy }),
    ...(changesRecording(options) && { recording: recordingOf(options, before.recording) }),
  };
}

/** Whether a part is given of what is decided in whole. */
export function changesDecided(options: SiteOptions): boolean {
  return changesPolicy(options) || changesRecording(options);
}

function changesPolicy({ difficulty, enrols }: SiteOptions): boolean {
  return difficulty !== undefined || enrols !== undefined;
}

function score(text: string): number {
  const number = Number(text);
  const valid = /^\d*\.?\d+$/.test(text) && number <= 1;
  if (!valid) throw new InvalidArgumentError("give a number from 0 to 1.");
  return number;
}
