import { makeTerminal, type Terminal } from "../../../packages/cli/src/output/terminal.ts";

interface Surroundings {
  readonly interactive?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A terminal that keeps what is written to it. */
export function recordingTerminal({ interactive, columns, rows, environment }: Surroundings = {}) {
  const results: string[] = [];
  const notes: string[] = [];
  const screen = {
    isTTY: interactive ?? false,
    ...(columns !== undefined && { columns }),
    ...(rows !== undefined && { rows }),
    write: (text: string) => results.push(text),
  };
  const terminal: Terminal = makeTerminal(
    screen,
    { write: (text: string) => notes.push(text) },
    environment ?? {},
  );
  return { terminal, results: () => results.join(""), notes: () => notes.join("") };
}
