import type { CleanTrack } from "../clean-track.ts";
import { at, log1p2, Pairs, ratio } from "./numbers.ts";
import type { FeatureWriter } from "./writer.ts";

/** When the events came. */
export const TIMING_FEATURES = [
  "time.speed",
  "time.start_pause",
  "time.start_share",
  "time.step_spread",
  "time.longest_share",
  "time.share_over_100ms",
  "time.entropy",
  "time.distinct",
  "time.autocorrelation",
] as const;

/** Longer steps share the last bin of the histogram. */
const BINS = 128;
/** A pause is a step that is long beside the usual one, and long for a hand. */
const PAUSE_FACTOR = 2.5;
const PAUSE_MS = 60;

const histogram = new Uint16Array(BINS);

export function writeTiming(track: CleanTrack, out: FeatureWriter): void {
  const { t, count, endMs, spanPx } = track;
  const startPauseMs = at(t, 1);
  const motionMs = Math.max(1, at(t, count - 1) - startPauseMs);
  const steps = count - 2;
  const quantiles = fillHistogram(track, steps);
  const pauseMs = Math.max(PAUSE_MS, PAUSE_FACTOR * quantiles.median);
  out.put(Math.log2((1_000 * spanPx) / motionMs));
  out.put(log1p2(startPauseMs));
  out.put(ratio(startPauseMs, endMs));
  out.put(ratio(quantiles.upper - quantiles.lower, Math.max(1, quantiles.median)));
  writeSteps(track, pauseMs, motionMs, out);
}

function writeSteps(
  { t, count }: CleanTrack,
  pauseMs: number,
  motionMs: number,
  out: FeatureWriter,
) {
  const neighbours = new Pairs();
  let longest = 0;
  let over100 = 0;
  let before = -1;
  for (let index = 2; index < count; index += 1) {
    const dt = at(t, index) - at(t, index - 1);
    if (before >= 0) neighbours.add(Math.min(before, pauseMs), Math.min(dt, pauseMs));
    before = dt;
    longest = Math.max(longest, dt);
    if (dt > 100) over100 += 1;
  }
  const steps = count - 2;
  out.put(longest / motionMs);
  out.put(over100 / steps);
  writeHistogram(steps, out);
  out.put(neighbours.correlation());
}

function fillHistogram({ t, count }: CleanTrack, steps: number) {
  histogram.fill(0);
  for (let index = 2; index < count; index += 1) {
    const bin = Math.min(BINS - 1, at(t, index) - at(t, index - 1));
    histogram[bin] = at(histogram, bin) + 1;
  }
  return {
    lower: quantile(steps / 4),
    median: quantile(steps / 2),
    upper: quantile((steps * 3) / 4),
  };
}

function quantile(rank: number): number {
  let seen = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    seen += at(histogram, bin);
    if (seen > rank) return bin;
  }
  return BINS - 1;
}

/** Entropy of the lengths, and how many there are. */
function writeHistogram(steps: number, out: FeatureWriter): void {
  let entropy = 0;
  let distinct = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const here = at(histogram, bin);
    if (here === 0) continue;
    distinct += 1;
    entropy -= here * Math.log2(here / steps);
  }
  out.put(entropy / steps / Math.log2(Math.max(2, steps)));
  out.put(distinct / steps);
}
