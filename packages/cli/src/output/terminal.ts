import picocolors from "picocolors";

type Colours = ReturnType<typeof picocolors.createColors>;

/** Where a command writes. What it writes must have been made safe to print before. */
export interface Terminal {
  /** Results, one line each. */
  print(...lines: readonly string[]): void;
  /** Notes and errors, which do not mix with results. */
  note(line: string): void;
  /** Writes text as it is: for drawing over what was drawn before. */
  draw(text: string): void;
  readonly interactive: boolean;
  /** Columns; infinite where output goes to a file or pipe, so that nothing is cut there. */
  readonly width: number;
  /** Lines; infinite where output goes to a file or pipe. */
  readonly height: number;
  readonly colours: Colours;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Colours only for a person who wants them: see https://no-color.org. */
export function makeTerminal(
  results: Output,
  notes: Output,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const interactive = results.isTTY === true;
  const coloured = interactive && !environment.NO_COLOR && environment.TERM !== "dumb";
  return {
    print(...lines) {
      for (const line of lines) results.write(`${line}\n`);
    },
    note: (line) => void notes.write(`${line}\n`),
    draw: (text) => void results.write(text),
    interactive,
    // Asked each time, for a window can be resized.
    get width() {
      return interactive ? (results.columns ?? 80) : Number.POSITIVE_INFINITY;
    },
    get height() {
      return interactive ? (results.rows ?? 24) : Number.POSITIVE_INFINITY;
    },
    colours: picocolors.createColors(coloured),
  };
}
