import { resolve } from "node:path";
import { parseArgs } from "node:util";

const DEFAULT_PORT = 8787;
export const DEFAULT_DEMO_PORT = 8788;
export const DEFAULT_STORAGE = ".sluice";
const MAX_PORT = 65_535;

const USAGE = `npm start -- [--port ${DEFAULT_PORT}] [--demo-port ${DEFAULT_DEMO_PORT}] [--storage ${DEFAULT_STORAGE}]`;

/** What the command line asks for. A port of 0 is any free one. */
export interface StartArguments {
  readonly port: number;
  /** Null: the usual one, or any free one where that is taken. */
  readonly demoPort: number | null;
  /** Absolute path of the folder. */
  readonly storage: string;
}

/** Reads the words after `npm start --`. Throws an error with the usage on what it does not know. */
export function readStartArguments(words: readonly string[]): StartArguments {
  const values = optionsOf(words);
  const demoPort = values["demo-port"];
  return {
    port: portOf("--port", values.port),
    demoPort: demoPort === undefined ? null : portOf("--demo-port", demoPort),
    storage: resolve(values.storage),
  };
}

function optionsOf(words: readonly string[]) {
  try {
    const options = {
      port: { type: "string", default: String(DEFAULT_PORT) },
      "demo-port": { type: "string" },
      storage: { type: "string", default: DEFAULT_STORAGE },
    } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= MAX_PORT) return port;
  throw new Error(`${option} must be a number from 0 to ${MAX_PORT}\n${USAGE}`);
}
