import { Option } from "commander";
import { wholeNumber } from "./option-values.ts";

const USUAL = 100;
const MOST = 10_000;

/** `--limit` of the commands that list. */
export function limitOption(): Option {
  return new Option("--limit <number>", "most lines to list")
    .argParser(wholeNumber(1, MOST))
    .default(USUAL);
}

/** What `--limit` gives. */
export interface ListLimit {
  readonly limit: number;
}
