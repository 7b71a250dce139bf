import { StringDecoder } from "node:string_decoder";

/** A longer line is cut into pieces of this many characters. */
export const LINE_CHARACTERS = 8_192;

/** Cuts a program's output into lines as it arrives; invalid UTF-8 becomes replacement characters. */
export class OutputLines {
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";

  /** Returns the lines that `chunk` completes. */
  push(chunk: Buffer): string[] {
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    const pieces = lines.flatMap((line) => cut(line.endsWith("\r") ? line.slice(0, -1) : line));
    // A line without an end must not gather without bound.
    while (this.#rest.length > LINE_CHARACTERS) {
      pieces.push(this.#rest.slice(0, LINE_CHARACTERS));
      this.#rest = this.#rest.slice(LINE_CHARACTERS);
    }
    return pieces;
  }

  /** Returns a last line that had no end. */
  end(): string[] {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = "";
    return rest === "" ? [] : cut(rest);
  }
}

function cut(line: string): string[] {
  if (line.length <= LINE_CHARACTERS) return [line];
  return [line.slice(0, LINE_CHARACTERS), ...cut(line.slice(LINE_CHARACTERS))];
}
