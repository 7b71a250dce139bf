import { createOperator, type Operator } from "@sluice/sdk/operator";
import { type Command, Option } from "commander";
import { CommandFailure, EXIT_CODES, usageFailure } from "../output/exit-codes.ts";
import { serviceUrl } from "./option-values.ts";

/** Options of every command that calls the service. */
export interface ServiceOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
}

/** `--url`, from the environment where it is not given. */
export function urlOption(): Option {
  return new Option("--url <address>", "address of the service")
    .env("SLUICE_URL")
    .argParser(serviceUrl);
}

/** `--json`, for scripts. */
export function jsonOption(): Option {
  return new Option("--json", "JSON for scripts: one document, or a line for each item of a list");
}

/** Adds the options by which an operator reaches the service. */
export function withService(command: Command): Command {
  return command
    .addOption(urlOption())
    .addOption(
      // Others can see a command line; the environment is the better place.
      new Option("--key <key>", "operator key; better set than typed").env("SLUICE_KEY"),
    )
    .addOption(jsonOption());
}

/** Makes the operator's client. Throws `CommandFailure` when the address or the key is missing. */
export function connectOperator({ url, key }: ServiceOptions): Operator {
  return createOperator({ url: requireUrl(url), key: requireKey(key) });
}

/** The address of the service, or a usage failure. */
export function requireUrl(url: string | undefined): string {
  if (url === undefined) throw usageFailure("give --url or set SLUICE_URL");
  return url;
}

function requireKey(key: string | undefined): string {
  if (!key) throw new CommandFailure(EXIT_CODES.auth, "give --key or set SLUICE_KEY");
  // A key goes into a header; what cannot is not echoed back, it may be half a key.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new CommandFailure(EXIT_CODES.auth, "the key holds characters that no key has");
  }
  return key;
}
