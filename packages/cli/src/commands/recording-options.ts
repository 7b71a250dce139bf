import type { NewRecording, Recording } from "@sluice/sdk/operator";
import { type Command, Option } from "commander";
import { usageFailure } from "../output/exit-codes.ts";
import { wholeNumber } from "./option-values.ts";

const LABELS: readonly Recording["label"][] = ["human", "script"];
const MOST_PERCENT = 100;
const MOST_DAYS = 90;

/** What the command line says of keeping movements for training. */
export interface RecordingOptions {
  /** False for `--no-record`. */
  readonly record?: Recording["label"] | false;
  readonly recordSource?: string;
  readonly recordShare?: number;
  readonly recordDays?: number;
}

/** Adds what is decided of keeping movements for training. */
export function withRecording(command: Command): Command {
  return command
    .addOption(
      new Option("--record <label>", "keep movements, which are known to be").choices(LABELS),
    )
    .option("--record-source <name>", "how the training is to name the site")
    .option("--record-share <percent>", "how many of 100 are kept", wholeNumber(1, MOST_PERCENT))
    .option("--record-days <days>", "for how long each is kept", wholeNumber(1, MOST_DAYS))
    .option("--no-record", "keep none, and erase what is kept");
}

/** Whether a part of the recording is given, so that the rest of it has to be known. */
export function changesRecording(options: RecordingOptions): boolean {
  const { record, recordSource, recordShare, recordDays } = options;
  return [record, recordSource, recordShare, recordDays].some((given) => given !== undefined);
}

/** The recording as the service takes it, whole: `before` fills what is not given. Throws without a label. */
export function recordingOf(
  { record, recordSource, recordShare, recordDays }: RecordingOptions,
  before: Recording | null,
): NewRecording | null {
  if (record === false) return null;
  const label = record ?? before?.label;
  if (label === undefined) throw usageFailure("give --record with what the movements are");
  return {
    ...before,
    label,
    ...(recordSource !== undefined && { source: recordSource }),
    ...(recordShare !== undefined && { sharePercent: recordShare }),
    ...(recordDays !== undefined && { days: recordDays }),
  };
}
