import type { CleanTrack } from "../clean-track.ts";
import { at, log1p2, Pairs, ratio } from "./numbers.ts";
import type { FeatureWriter } from "./writer.ts";

/**
 * How the speed changes on the clock on the wall. A hand's limits are in milliseconds, whoever moves and however
 * far: it cannot start, stop or turn at once, and it corrects itself a few times a second.
 */
export const PACE_FEATURES = [
  "pace.kept_32ms",
  "pace.kept_128ms",
  "pace.noise",
  "pace.turns",
  "pace.bursts",
  "pace.jerk",
  "pace.rise",
  "pace.rise_half",
  "pace.start",
  "pace.before_rest",
  "pace.after_rest",
  "pace.across_kept",
] as const;

/** About the frame of a screen, and no shorter than most devices' reports. */
const BIN_MS = 16;
/** Longer movements get longer bins, so that the work is bounded. */
const MOST_BINS = 512;
/** A step much longer than the usual is a rest, then a step. */
const REST_FACTOR = 2;
const REST_MS = 60;
/** Changes below this part of the mean speed are no turns; a burst stands out by half the mean. */
const STILL = 0.1;
const BURST = 0.6;

const edgeX = new Float64Array(MOST_BINS + 1);
const edgeY = new Float64Array(MOST_BINS + 1);
const raw = new Float64Array(MOST_BINS);
const smooth = new Float64Array(MOST_BINS);
const across = new Float64Array(MOST_BINS);

export function writePace(track: CleanTrack, out: FeatureWriter): void {
  const { bins, binMs } = resample(track);
  out.put(kept(smooth, bins, Math.round(32 / binMs)));
  out.put(kept(smooth, bins, Math.round(128 / binMs)));
  writeNoise(bins, out);
  writeTurns(bins, binMs, out);
  writeEnds(bins, binMs, out);
  writeRests(track, out);
  out.put(kept(across, bins, Math.round(64 / binMs)));
}

/** Fills the speeds, in pixels a bin; returns how many bins there are and how long each is. */
function resample({ x, y, t, count }: CleanTrack): { bins: number; binMs: number } {
  const usualMs = (at(t, count - 1) - at(t, 1)) / (count - 2);
  const restMs = REST_FACTOR * usualMs;
  const startMs = Math.max(0, at(t, 1) - usualMs);
  const motionMs = at(t, count - 1) - startMs;
  const bins = Math.min(MOST_BINS, Math.max(8, Math.ceil(motionMs / BIN_MS)));
  const binMs = motionMs / bins;
  let index = 1;
  for (let edge = 0; edge <= bins; edge += 1) {
    const now = startMs + edge * binMs;
    while (index < count - 1 && at(t, index) < now) index += 1;
    const leftMs = Math.max(at(t, index - 1), at(t, index) - restMs);
    const done = Math.min(1, Math.max(0, (now - leftMs) / (at(t, index) - leftMs)));
    edgeX[edge] = at(x, index - 1) + done * (at(x, index) - at(x, index - 1));
    edgeY[edge] = at(y, index - 1) + done * (at(y, index) - at(y, index - 1));
  }
  for (let bin = 0; bin < bins; bin += 1) {
    raw[bin] = at(edgeX, bin + 1) - at(edgeX, bin);
    across[bin] = at(edgeY, bin + 1) - at(edgeY, bin);
  }
  for (let bin = 0; bin < bins; bin += 1) {
    const left = at(raw, Math.max(0, bin - 1));
    smooth[bin] = (left + 2 * at(raw, bin) + at(raw, Math.min(bins - 1, bin + 1))) / 4;
  }
  return { bins, binMs };
}

/** How much of a speed is left after a while: its correlation with itself. */
function kept(speed: Float64Array, bins: number, lag: number): number {
  const pairs = new Pairs();
  const by = Math.max(1, lag);
  for (let bin = by; bin < bins; bin += 1) pairs.add(at(speed, bin - by), at(speed, bin));
  return pairs.correlation();
}

/** What five bins' mean does not explain, as a part of the speed. */
function writeNoise(bins: number, out: FeatureWriter): void {
  let noise = 0;
  let way = 0;
  for (let bin = 2; bin < bins - 2; bin += 1) {
    let sum = 0;
    for (let near = bin - 2; near <= bin + 2; near += 1) sum += at(raw, near);
    noise += Math.abs(at(raw, bin) - sum / 5);
    way += Math.abs(at(raw, bin));
  }
  out.put(ratio(noise, way));
}

/** Turns of the acceleration and bursts of speed a second, and how abrupt the changes are. */
function writeTurns(bins: number, binMs: number, out: FeatureWriter): void {
  let way = 0;
  for (let bin = 0; bin < bins; bin += 1) way += Math.abs(at(smooth, bin));
  const mean = way / bins;
  let turns = 0;
  let bursts = 0;
  let rising = 0;
  let extreme = at(smooth, 0);
  let burstRising = true;
  let burstEdge = 0;
  let changes = 0;
  let bends = 0;
  for (let bin = 1; bin < bins; bin += 1) {
    const value = at(smooth, bin);
    const change = value - at(smooth, bin - 1);
    changes += change * change;
    if (bin > 1) bends += (change - (at(smooth, bin - 1) - at(smooth, bin - 2))) ** 2;
    if (Math.abs(value - extreme) > STILL * mean) {
      const direction = Math.sign(value - extreme);
      if (rising !== 0 && direction !== rising) turns += 1;
      rising = direction;
      extreme = value;
    } else if ((value - extreme) * rising > 0) extreme = value;
    if (burstRising ? value > burstEdge : value < burstEdge) burstEdge = value;
    else if (Math.abs(value - burstEdge) > BURST * mean) {
      if (burstRising) bursts += 1;
      burstRising = !burstRising;
      burstEdge = value;
    }
  }
  const seconds = (bins * binMs) / 1_000;
  out.put(log1p2(turns / seconds));
  out.put(log1p2(bursts / seconds));
  out.put(Math.log2((bends + 1e-3) / (changes + 1e-3)));
}

/** How long the speed takes to rise, and whether the movement starts at full speed. */
function writeEnds(bins: number, binMs: number, out: FeatureWriter): void {
  let peakAt = 0;
  for (let bin = 1; bin < bins; bin += 1) if (at(smooth, bin) > at(smooth, peakAt)) peakAt = bin;
  const peak = Math.max(1e-6, at(smooth, peakAt));
  let rise = peakAt;
  while (rise > 0 && at(smooth, rise) > peak / 2) rise -= 1;
  out.put(log1p2(peakAt * binMs));
  out.put(log1p2((peakAt - rise) * binMs));
  out.put(at(smooth, 0) / peak);
}

/** How fast the pointer is around its rests: a hand slows down before one, a script just waits. */
function writeRests({ x, t, count, spanPx }: CleanTrack, out: FeatureWriter): void {
  const motionMs = at(t, count - 1) - at(t, 1);
  const restMs = Math.max(REST_MS, (2.5 * motionMs) / (count - 2));
  let rests = 0;
  let movingMs = 0;
  let before = 0;
  let after = 0;
  for (let index = 2; index < count; index += 1) {
    const dt = at(t, index) - at(t, index - 1);
    if (dt < restMs) {
      movingMs += dt;
      continue;
    }
    rests += 1;
    before += speedAt(x, t, index - 1);
    if (index + 1 < count) after += speedAt(x, t, index + 1);
  }
  const mean = spanPx / Math.max(1, movingMs);
  out.put(Math.min(4, ratio(before / mean, rests)));
  out.put(Math.min(4, ratio(after / mean, rests)));
}

function speedAt(x: Float64Array, t: Float64Array, index: number): number {
  const dt = at(t, index) - at(t, index - 1);
  return dt > 0 ? Math.abs(at(x, index) - at(x, index - 1)) / dt : 0;
}
