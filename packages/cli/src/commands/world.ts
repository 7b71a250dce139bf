import type { Command } from "commander";
import type { Terminal } from "../output/terminal.ts";

/** What a command needs of the process that it runs in. */
export interface World {
  readonly terminal: Terminal;
  readonly now: () => Date;
  /** From this call on, SIGINT and SIGTERM abort the signal; a second one ends the process. */
  readonly catchInterrupt: () => AbortSignal;
}

/** Adds one command to the program. */
export type AddCommand = (program: Command, world: World) => void;
