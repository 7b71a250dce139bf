import { liveScreen } from "../../packages/cli/src/output/live-screen.ts";
import { truncate } from "../../packages/cli/src/output/table.ts";
import type { Terminal } from "../../packages/cli/src/output/terminal.ts";

/** Where output cannot be drawn over, a line at most this often. */
const PLAIN_EVERY_MS = 2_500;

/** A block of lines that changes: drawn over itself on a terminal, else told in a line now and then. */
export class LiveBlock {
  readonly #terminal: Terminal;
  readonly #draw: (lines: readonly string[]) => void;
  #toldAtMs = performance.now();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#draw = liveScreen(terminal);
  }

  update(lines: readonly string[], summary: string): void {
    if (this.#terminal.interactive) this.#draw(this.#fitted(lines));
    else this.#tell(summary);
  }

  /** The block as it stays. */
  finish(lines: readonly string[]): void {
    this.#draw(this.#fitted(lines));
  }

  #fitted(lines: readonly string[]): readonly string[] {
    return lines.map((line) => truncate(line, this.#terminal.width));
  }

  #tell(summary: string): void {
    if (performance.now() - this.#toldAtMs < PLAIN_EVERY_MS) return;
    this.#toldAtMs = performance.now();
    this.#terminal.print(summary);
  }
}
