import { appendFile, readFile } from "node:fs/promises";

/** What was found of each family that was left out, by its name. */
export type FoldResult<Found> = Readonly<Record<string, Found>>;

interface Line<Found> {
  /** Of the data, plan and seed. */
  readonly key: string;
  readonly fold: string;
  readonly result: FoldResult<Found>;
}

/**
 * The folds that are done, a line each in a file, so that an evaluation of an hour can be stopped and gone on
 * with. Lines with another key are of other data, plans or seeds and are left alone.
 */
export class FinishedFolds<Found> {
  readonly #path: string | undefined;
  readonly #key: string;
  readonly #results: Map<string, FoldResult<Found>>;

  private constructor(path: string | undefined, key: string, lines: readonly Line<Found>[]) {
    this.#path = path;
    this.#key = key;
    const own = lines.filter((line) => line.key === key);
    this.#results = new Map(own.map(({ fold, result }) => [fold, result]));
  }

  /** Reads what there is; without a path nothing outlasts the process. */
  static async open<Found>(path: string | undefined, key: string): Promise<FinishedFolds<Found>> {
    const text = path === undefined ? "" : await readIfThere(path);
    return new FinishedFolds<Found>(path, key, text.split("\n").flatMap(parseLine<Found>));
  }

  get(fold: string): FoldResult<Found> | undefined {
    return this.#results.get(fold);
  }

  async add(fold: string, result: FoldResult<Found>): Promise<void> {
    this.#results.set(fold, result);
    if (this.#path === undefined) return;
    const line: Line<Found> = { key: this.#key, fold, result };
    // A line that was cut short must not take this one with it.
    await appendFile(this.#path, `\n${JSON.stringify(line)}`);
  }
}

/** One line, or none where it is empty or was cut short. */
function parseLine<Found>(text: string): Line<Found>[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
