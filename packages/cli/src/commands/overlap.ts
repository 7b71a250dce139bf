import { Option } from "commander";
import { wholeNumber } from "./option-values.ts";

const MOST_SECONDS = 30 * 24 * 3600;

/** `--overlap` of the commands that replace a secret; `usual` says what holds without it. */
export function overlapOption(usual: string): Option {
  return new Option(
    "--overlap <seconds>",
    `how long the old one still opens, ${usual} if not given; 0 ends it at once`,
  ).argParser(wholeNumber(0, MOST_SECONDS));
}

/** What `--overlap` gives. */
export interface Overlap {
  readonly overlap?: number;
}

/** The option as the service's client takes it. */
export function rotation({ overlap }: Overlap): { readonly overlapSeconds?: number } {
  return overlap === undefined ? {} : { overlapSeconds: overlap };
}
