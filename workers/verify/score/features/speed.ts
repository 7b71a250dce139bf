import type { CleanTrack } from "../clean-track.ts";
import { GRID_BINS, type MotionGrid } from "./motion-grid.ts";
import { at, log1p2, Pairs, ratio, Spread } from "./numbers.ts";
import type { FeatureWriter } from "./writer.ts";

/** How the speed along the slider rose and fell. */
export const SPEED_FEATURES = [
  "speed.peak",
  "speed.peak_at",
  "speed.variation",
  "speed.skew",
  "speed.first_sixth",
  "speed.last_sixth",
  "speed.idle_share",
  "speed.back_share",
  "speed.bursts",
  "speed.turns",
  "speed.change",
  "speed.jerk",
  "speed.noise",
  "speed.noise_autocorrelation",
  "speed.symmetry",
  "speed.falling_share",
  "speed.fall_linear",
  "speed.fall_exponential",
  "speed.rise_linear",
  "speed.across",
  "way.half_at",
  "way.nine_tenths_at",
  "way.settled_at",
  "way.1",
  "way.2",
  "way.3",
  "way.4",
  "way.5",
  "way.6",
  "way.7",
  "way.8",
  "way.9",
  "way.10",
  "way.11",
] as const;

/** Below this part of the mean speed the pointer counts as resting. */
const IDLE = 0.05;
/** A burst stands out of its valleys by this part of the mean speed. */
const BURST = 0.5;

const speed = new Float64Array(GRID_BINS);

export function writeSpeed(track: CleanTrack, grid: MotionGrid, out: FeatureWriter): void {
  const mean = track.spanPx / GRID_BINS;
  for (let bin = 0; bin < GRID_BINS; bin += 1) {
    speed[bin] = (at(grid.x, bin + 1) - at(grid.x, bin)) / mean;
  }
  const peakAt = writeMoments(out);
  writeChanges(out);
  writeNoise(out);
  writeFall(peakAt, out);
  out.put(across(grid));
  writeWay(grid, track.spanPx, out);
}

/** Shape of the profile as a whole; returns the bin of the peak. */
function writeMoments(out: FeatureWriter): number {
  const spread = new Spread();
  let peakAt = 0;
  let first = 0;
  let last = 0;
  let idle = 0;
  let back = 0;
  for (let bin = 0; bin < GRID_BINS; bin += 1) {
    const value = at(speed, bin);
    spread.add(value);
    if (value > at(speed, peakAt)) peakAt = bin;
    if (bin < GRID_BINS / 6) first += value;
    if (bin >= (GRID_BINS * 5) / 6) last += value;
    if (Math.abs(value) < IDLE) idle += 1;
    if (value < -IDLE) back += 1;
  }
  let cubes = 0;
  for (let bin = 0; bin < GRID_BINS; bin += 1) cubes += (at(speed, bin) - spread.mean) ** 3;
  out.put(at(speed, peakAt));
  out.put(peakAt / GRID_BINS);
  out.put(spread.deviation);
  out.put(ratio(cubes / GRID_BINS, spread.deviation ** 3));
  out.put(first / GRID_BINS);
  out.put(last / GRID_BINS);
  out.put(idle / GRID_BINS);
  out.put(back / GRID_BINS);
  return peakAt;
}

/** Bursts (the submovements of a hand), and how much and how abruptly the speed changes. */
function writeChanges(out: FeatureWriter): void {
  let bursts = 0;
  let turns = 0;
  let change = 0;
  let jerk = 0;
  let lowest = 0;
  let highest = 0;
  let rising = true;
  for (let bin = 0; bin < GRID_BINS; bin += 1) {
    const value = at(speed, bin);
    if (rising && value > highest) highest = value;
    if (!rising && value < lowest) lowest = value;
    if (rising && highest - value > BURST) {
      bursts += 1;
      rising = false;
      lowest = value;
    } else if (!rising && value - lowest > BURST) {
      rising = true;
      highest = value;
    }
    if (bin === 0) continue;
    const slope = value - at(speed, bin - 1);
    change += Math.abs(slope);
    if (bin < 2) continue;
    const slopeBefore = at(speed, bin - 1) - at(speed, bin - 2);
    jerk += (slope - slopeBefore) ** 2;
    if (slope * slopeBefore < 0) turns += 1;
  }
  out.put(log1p2(bursts));
  out.put(turns / GRID_BINS);
  out.put(log1p2(change));
  out.put(log1p2(jerk));
}

/** What is left when the speed is smoothed over five bins: its size and whether it is white. */
function writeNoise(out: FeatureWriter): void {
  const residual = new Spread();
  const neighbours = new Pairs();
  const mirrored = new Pairs();
  let before = 0;
  for (let bin = 2; bin < GRID_BINS - 2; bin += 1) {
    const around =
      at(speed, bin - 2) + at(speed, bin - 1) + at(speed, bin + 1) + at(speed, bin + 2);
    const left = at(speed, bin) - (around + at(speed, bin)) / 5;
    residual.add(left);
    if (bin > 2) neighbours.add(before, left);
    before = left;
  }
  for (let bin = 0; bin < GRID_BINS; bin += 1) {
    mirrored.add(at(speed, bin), at(speed, GRID_BINS - 1 - bin));
  }
  out.put(log1p2(4 * residual.deviation));
  out.put(neighbours.correlation());
  out.put(mirrored.correlation());
}

/** Whether the speed falls from its peak as a formula does: always, in a line, or by a constant factor. */
function writeFall(peakAt: number, out: FeatureWriter): void {
  const linear = new Pairs();
  const exponential = new Pairs();
  const rise = new Pairs();
  let falling = 0;
  for (let bin = peakAt; bin < GRID_BINS; bin += 1) {
    const value = at(speed, bin);
    linear.add(bin, value);
    exponential.add(bin, Math.log(Math.max(IDLE, value)));
    if (bin > peakAt && value <= at(speed, bin - 1)) falling += 1;
  }
  for (let bin = 0; bin <= peakAt; bin += 1) rise.add(bin, at(speed, bin));
  out.put(ratio(falling, GRID_BINS - 1 - peakAt));
  out.put(linear.correlation());
  out.put(exponential.correlation());
  out.put(rise.correlation());
}

/** Whether the pointer strays across when it is fast. */
function across({ y }: MotionGrid): number {
  const pairs = new Pairs();
  for (let bin = 0; bin < GRID_BINS; bin += 1) {
    pairs.add(Math.abs(at(speed, bin)), Math.abs(at(y, bin + 1) - at(y, bin)));
  }
  return pairs.correlation();
}

/** When the pointer had gone half and most of its way, when it came to stay, and where it was at each twelfth. */
function writeWay({ x }: MotionGrid, spanPx: number, out: FeatureWriter): void {
  const end = at(x, GRID_BINS);
  let half = GRID_BINS;
  let most = GRID_BINS;
  let settled = 0;
  for (let bin = GRID_BINS; bin >= 0; bin -= 1) {
    if (at(x, bin) >= 0.5 * end) half = bin;
    if (at(x, bin) >= 0.9 * end) most = bin;
    if (settled === 0 && Math.abs(at(x, bin) - end) > 0.05 * spanPx) settled = bin;
  }
  out.put(half / GRID_BINS);
  out.put(most / GRID_BINS);
  out.put(settled / GRID_BINS);
  for (let twelfth = 1; twelfth < 12; twelfth += 1) {
    const place = (twelfth * GRID_BINS) / 12;
    const bin = Math.floor(place);
    out.put((at(x, bin) + (place - bin) * (at(x, bin + 1) - at(x, bin))) / spanPx);
  }
}
