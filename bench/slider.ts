import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleOf } from "../scripts/bundle.ts";
import { seededBytes } from "../test/builders/random.ts";
import { cryptoRandomBytes } from "../workers/keys/mint-key.ts";
import {
  BLIND_GUESS,
  drawSlider,
  isRightPlace,
  X_MAX,
  X_MIN,
} from "../workers/verify/slider/index.ts";
import { type Findings, median, rounded } from "./report.ts";
import { puzzleOf } from "./slider/puzzle.ts";
import { SOLVERS } from "./slider/solvers/index.ts";
import { type Runtime, startRuntime } from "./workerd/runtime.ts";

const WORKER = fileURLToPath(new URL("./slider/worker.ts", import.meta.url));
const COLD_STARTS = 5;
const WARM_UP = 200;
const BATCHES = 15;
const BATCH = 40;
/** Puzzles that every solver tries. */
const TRIED = 500;
const FIRST_SEED = 10_000;
const MAX_BYTES = 25_000;

/**
 * The slider puzzle: what drawing one costs on workerd, how many bytes its images are, and how often scripts of
 * several kinds find the hole.
 */
export async function run(): Promise<Findings> {
  const modules = await bundleOf(WORKER);
  const cold: number[] = [];
  for (let start = 0; start < COLD_STARTS; start += 1) {
    cold.push(await withRuntime(modules, measureCold));
  }
  const warm = await withRuntime(modules, measureWarm);
  const bytes = sizes();
  return {
    figures: {
      drawUs: rounded(warm, 0),
      drawCpuUs: rounded(cpuUs(), 0),
      firstDrawMs: rounded(median(cold), 1),
      bytesMedian: median(bytes),
      bytesMax: Math.max(...bytes),
      blindGuess: rounded(BLIND_GUESS),
      ...found(),
    },
    targets: [
      {
        figure: "bytesMax",
        wanted: `at most ${MAX_BYTES}`,
        met: Math.max(...bytes) <= MAX_BYTES,
      },
    ],
  };
}

async function withRuntime(
  modules: Parameters<typeof startRuntime>[0],
  measure: (runtime: Runtime) => Promise<number>,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-slider-"));
  const runtime = await startRuntime(modules, folder);
  try {
    return await measure(runtime);
  } finally {
    await runtime.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first puzzle of an isolate, whose code has not been compiled yet, in milliseconds. */
async function measureCold({ ask }: Runtime): Promise<number> {
  await ask("/?count=0");
  const nothing = await ask("/?count=0");
  const one = await ask("/?count=1");
  return one.ms - nothing.ms;
}

/** One puzzle of many, in microseconds of wall clock: that of the isolate stands still while it computes. */
async function measureWarm({ ask }: Runtime): Promise<number> {
  await ask(`/?count=${WARM_UP}`);
  const batches: number[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const nothing = await ask("/?count=0");
    const drawn = await ask(`/?count=${BATCH}`);
    batches.push((1_000 * (drawn.ms - nothing.ms)) / BATCH);
  }
  return median(batches);
}

/** Processor time of one puzzle of many in Node, in microseconds: it says more where the machine is busy. */
function cpuUs(): number {
  for (let drawing = 0; drawing < WARM_UP; drawing += 1) drawSlider(cryptoRandomBytes);
  const before = process.cpuUsage();
  for (let drawing = 0; drawing < BATCHES * BATCH; drawing += 1) drawSlider(cryptoRandomBytes);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (BATCHES * BATCH);
}

/** Bytes of both images, of each of the puzzles that are tried. */
function sizes(): readonly number[] {
  return seeds().map((seed) => {
    const { spec } = drawSlider(seededBytes(seed));
    return [spec.background, spec.piece].reduce(
      (sum, text) => sum + Buffer.from(text, "base64").length,
      0,
    );
  });
}

/** The share of puzzles in which each solver is right. */
function found(): Readonly<Record<string, number>> {
  const right = new Map<string, number>();
  for (const seed of seeds()) {
    const { spec, x } = drawSlider(seededBytes(seed));
    const puzzle = puzzleOf(spec, X_MIN, X_MAX);
    for (const [name, solve] of Object.entries(SOLVERS)) {
      const hit = isRightPlace(x, solve(puzzle)) ? 1 : 0;
      right.set(name, (right.get(name) ?? 0) + hit);
    }
  }
  return Object.fromEntries([...right].map(([name, hits]) => [name, rounded(hits / TRIED)]));
}

function seeds(): readonly number[] {
  return Array.from({ length: TRIED }, (_, index) => FIRST_SEED + index);
}
