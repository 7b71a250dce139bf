import type { CleanTrack } from "../clean-track.ts";
import { at, log1p2, Pairs, ratio, Spread } from "./numbers.ts";
import type { FeatureWriter } from "./writer.ts";

/** When the events came. */
export const TIMING_FEATURES = [
  "time.total",
  "time.events",
  "time.rate",
  "time.speed",
  "time.start_pause",
  "time.end_pause",
  "time.start_share",
  "time.end_share",
  "time.step_median",
  "time.step_spread",
  "time.step_variation",
  "time.longest_share",
  "time.share_over_100ms",
  "time.share_over_300ms",
  "time.mode_share",
  "time.entropy",
  "time.distinct",
  "time.autocorrelation",
  "time.idle_share",
  "time.pauses",
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
  const endPauseMs = endMs - at(t, count - 1);
  const motionMs = Math.max(1, at(t, count - 1) - startPauseMs);
  const steps = count - 2;
  const quantiles = fillHistogram(track, steps);
  const pauseMs = Math.max(PAUSE_MS, PAUSE_FACTOR * quantiles.median);
  out.put(log1p2(endMs));
  out.put(log1p2(count));
  out.put(Math.log2((1_000 * steps) / motionMs));
  out.put(Math.log2((1_000 * spanPx) / motionMs));
  out.put(log1p2(startPauseMs));
  out.put(log1p2(endPauseMs));
  out.put(ratio(startPauseMs, endMs));
  out.put(ratio(endPauseMs, endMs));
  out.put(Math.log2(Math.max(1, quantiles.median)));
  out.put(ratio(quantiles.upper - quantiles.lower, Math.max(1, quantiles.median)));
  writeSteps(track, pauseMs, motionMs, out);
}

function writeSteps(track: CleanTrack, pauseMs: number, motionMs: number, out: FeatureWriter) {
  const { t, count } = track;
  const spread = new Spread();
  const neighbours = new Pairs();
  let longest = 0;
  let over100 = 0;
  let over300 = 0;
  let idleMs = 0;
  let pauses = 0;
  let before = -1;
  for (let index = 2; index < count; index += 1) {
    const dt = at(t, index) - at(t, index - 1);
    spread.add(dt);
    if (before >= 0) neighbours.add(Math.min(before, pauseMs), Math.min(dt, pauseMs));
    before = dt;
    longest = Math.max(longest, dt);
    if (dt > 100) over100 += 1;
    if (dt > 300) over300 += 1;
    if (dt > pauseMs) {
      idleMs += dt;
      pauses += 1;
    }
  }
  const steps = count - 2;
  out.put(spread.relative);
  out.put(longest / motionMs);
  out.put(over100 / steps);
  out.put(over300 / steps);
  writeHistogram(steps, out);
  out.put(neighbours.correlation());
  out.put(idleMs / motionMs);
  out.put(log1p2(pauses));
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

/** Share of the commonest length (a millisecond more or less is the same), entropy, and share of lengths. */
function writeHistogram(steps: number, out: FeatureWriter): void {
  let mode = 0;
  let entropy = 0;
  let distinct = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const here = at(histogram, bin);
    const near = at(histogram, bin - 1) + here + at(histogram, bin + 1);
    mode = Math.max(mode, near);
    if (here === 0) continue;
    distinct += 1;
    entropy -= here * Math.log2(here / steps);
  }
  out.put(mode / steps);
  out.put(entropy / steps / Math.log2(Math.max(2, steps)));
  out.put(distinct / steps);
}
