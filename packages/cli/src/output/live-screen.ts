import type { Terminal } from "./terminal.ts";

const ERASE_BELOW = "\u001b[J";

/**
 * Draws each set of lines over the last one, cut to the height of the terminal. Into a file or pipe it
 * prints the lines that were not in the last set.
 */
export function liveScreen(terminal: Terminal): (lines: readonly string[]) => void {
  let last: readonly string[] = [];
  return (lines) => {
    if (terminal.interactive) {
      const home = last.length === 0 ? "" : `\u001b[${last.length}A`;
      last = lines.slice(0, terminal.height - 1);
      terminal.draw(`${home}\r${ERASE_BELOW}${last.join("\n")}\n`);
    } else {
      terminal.print(...lines.filter((line) => line !== "" && !last.includes(line)));
      last = lines;
    }
  };
}
