import { readFile } from "node:fs/promises";
import type { TrackPoint } from "@sluice/protocol";
import { KERNEL_FILE } from "../scripts/assemble-kernel.ts";
import { randomInputs, randomNetwork } from "../test/builders/networks.ts";
import { manyHands } from "../test/builders/tracks.ts";
import { cleanTrack } from "../workers/verify/score/clean-track.ts";
import { extractFeatures } from "../workers/verify/score/features/index.ts";
import { NETWORK } from "../workers/verify/score/model.ts";
import { type Forward, plainForward } from "../workers/verify/score/network/forward.ts";
import { scaleInputs } from "../workers/verify/score/network/network.ts";
import { simdForward } from "../workers/verify/score/network/simd-forward.ts";
import { type Findings, median, rounded } from "./report.ts";
import { workerdUs } from "./score/on-workerd.ts";
import { processorUs } from "./score/processor-time.ts";
import { BACKENDS, tensorflowForward } from "./score/tensorflow.ts";
import { longestTrack } from "./score/tracks.ts";

const SEED = 1;
/** More than a processor's branch predictor can learn by heart. */
const TRACKS = 256;
const LONGEST_TRACKS = 16;
/** A network to grow into. */
const LARGE = [128, 64, 32] as const;

/**
 * What a track's score costs: its features, and the network in TypeScript, in the SIMD kernel and in
 * TensorFlow.js, whose faster backend is the peer. In Node, whose V8 is workerd's but for its version, as it
 * tells the time of single calls; workerd's clock stands still while it computes. The whole function, with the
 * reasons that it gives, is then measured on workerd from outside. All is processor time of one thread, warm.
 */
export async function run(): Promise<Findings> {
  const kernel = await WebAssembly.compile(await readFile(KERNEL_FILE));
  const hands = manyHands(TRACKS, SEED);
  const longest = Array.from({ length: LONGEST_TRACKS }, (_, seed) => longestTrack(seed));
  const simd = simdForward(kernel, NETWORK);
  const scaled = hands.map(scaledFeatures);
  const large = randomNetwork(LARGE);
  const largeInputs = randomInputs(LARGE[0], TRACKS);
  const figures = {
    pointsMedian: median(hands.map(({ length }) => length)),
    featuresUs: overTracks(hands, (points) => scaledFeatures(points)[0] ?? 0),
    inferTsUs: overInputs(scaled, plainForward(NETWORK)),
    inferSimdUs: overInputs(scaled, simd),
    totalUs: overTracks(hands, (points) => simd(scaledFeatures(points))),
    longestTotalUs: overTracks(longest, (points) => simd(scaledFeatures(points))),
    ...(await measurePeer(scaled)),
    largeTsUs: overInputs(largeInputs, plainForward(large)),
    largeSimdUs: overInputs(largeInputs, simdForward(kernel, large)),
    workerdUs: rounded(await workerdUs(TRACKS, SEED)),
  };
  return { figures, targets: targetsOf(figures) };
}

const buffer = new Float32Array(NETWORK.means.length);

/** A track's features as the network takes them, in a new array. */
function scaledFeatures(points: readonly TrackPoint[]): Float32Array {
  const track = cleanTrack(points);
  if (typeof track === "string") throw new Error(`a track of the benchmark is ${track}`);
  extractFeatures(track, buffer);
  const scaled = new Float32Array(buffer.length);
  scaleInputs(NETWORK, buffer, scaled);
  return scaled;
}

function overTracks(
  tracks: readonly (readonly TrackPoint[])[],
  act: (points: readonly TrackPoint[]) => number,
): number {
  return rounded(processorUs((turn) => act(tracks[turn % tracks.length] ?? [])));
}

function overInputs(inputs: readonly Float32Array[], forward: Forward): number {
  const none = new Float32Array();
  return rounded(processorUs((turn) => forward(inputs[turn % inputs.length] ?? none)));
}

/** TensorFlow.js on the same inputs, by backend, and the faster of the two. */
async function measurePeer(scaled: readonly Float32Array[]) {
  const byBackend: Record<string, number> = {};
  for (const backend of BACKENDS) {
    byBackend[backend] = overInputs(scaled, await tensorflowForward(NETWORK, backend));
  }
  return { peerUs: Math.min(...Object.values(byBackend)), tensorflowUs: byBackend };
}

interface Measured {
  readonly totalUs: number;
  readonly inferTsUs: number;
  readonly inferSimdUs: number;
  readonly largeTsUs: number;
  readonly largeSimdUs: number;
}

function targetsOf(measured: Measured) {
  const { totalUs, inferTsUs, inferSimdUs, largeTsUs, largeSimdUs } = measured;
  return [
    { figure: "totalUs", wanted: "under 50", met: totalUs < 50 },
    {
      figure: "inferSimdUs",
      wanted: "less than TypeScript's, as workerd uses it",
      met: inferSimdUs < inferTsUs,
    },
    {
      figure: "largeSimdUs",
      wanted: "a third of TypeScript's or less",
      met: 3 * largeSimdUs <= largeTsUs,
    },
  ];
}
