import type { CleanTrack } from "../clean-track.ts";
import { GRID_BINS, type MotionGrid } from "./motion-grid.ts";
import { at, log1p2, Pairs, ratio } from "./numbers.ts";
import type { FeatureWriter } from "./writer.ts";

/** How the speed along the slider rose and fell over the whole movement, however long it took. */
export const SPEED_FEATURES = [
  "speed.first_sixth",
  "speed.last_sixth",
  "speed.idle_share",
  "speed.change",
  "speed.noise_autocorrelation",
  "speed.falling_share",
  "speed.fall_exponential",
  "speed.across",
  "way.nine_tenths_at",
  "way.settled_at",
  "way.3",
  "way.6",
  "way.10",
  "way.11",
] as const;

/** Below this part of the mean speed the pointer counts as resting. */
const IDLE = 0.05;

const speed = new Float64Array(GRID_BINS);

export function writeSpeed(track: CleanTrack, grid: MotionGrid, out: FeatureWriter): void {
  const mean = track.spanPx / GRID_BINS;
  for (let bin = 0; bin < GRID_BINS; bin += 1) {
    speed[bin] = (at(grid.x, bin + 1) - at(grid.x, bin)) / mean;
  }
  const peakAt = writeShares(out);
  out.put(noiseAutocorrelation());
  writeFall(peakAt, out);
  out.put(across(grid));
  writeWay(grid, track.spanPx, out);
}

/** Parts of the way and of the time, and how much the speed changes; returns the bin of the peak. */
function writeShares(out: FeatureWriter): number {
  let peakAt = 0;
  let first = 0;
  let last = 0;
  let idle = 0;
  let change = 0;
  for (let bin = 0; bin < GRID_BINS; bin += 1) {
    const value = at(speed, bin);
    if (value > at(speed, peakAt)) peakAt = bin;
    if (bin < GRID_BINS / 6) first += value;
    if (bin >= (GRID_BINS * 5) / 6) last += value;
    if (Math.abs(value) < IDLE) idle += 1;
    if (bin > 0) change += Math.abs(value - at(speed, bin - 1));
  }
  out.put(first / GRID_BINS);
  out.put(last / GRID_BINS);
  out.put(idle / GRID_BINS);
  out.put(log1p2(change));
  return peakAt;
}

/** Whether what is left when the speed is smoothed over five bins is white. */
function noiseAutocorrelation(): number {
  const neighbours = new Pairs();
  let before = 0;
  for (let bin = 2; bin < GRID_BINS - 2; bin += 1) {
    let sum = 0;
    for (let near = bin - 2; near <= bin + 2; near += 1) sum += at(speed, near);
    const left = at(speed, bin) - sum / 5;
    if (bin > 2) neighbours.add(before, left);
    before = left;
  }
  return neighbours.correlation();
}

/** Whether the speed falls from its peak as a formula does: always, or by a constant factor. */
function writeFall(peakAt: number, out: FeatureWriter): void {
  const exponential = new Pairs();
  let falling = 0;
  for (let bin = peakAt; bin < GRID_BINS; bin += 1) {
    const value = at(speed, bin);
    exponential.add(bin, Math.log(Math.max(IDLE, value)));
    if (bin > peakAt && value <= at(speed, bin - 1)) falling += 1;
  }
  out.put(ratio(falling, GRID_BINS - 1 - peakAt));
  out.put(exponential.correlation());
}

/** Whether the pointer strays across when it is fast. */
function across({ y }: MotionGrid): number {
  const pairs = new Pairs();
  for (let bin = 0; bin < GRID_BINS; bin += 1) {
    pairs.add(Math.abs(at(speed, bin)), Math.abs(at(y, bin + 1) - at(y, bin)));
  }
  return pairs.correlation();
}

/** When the pointer had gone most of its way, when it came to stay, and where it was at some twelfths. */
function writeWay({ x }: MotionGrid, spanPx: number, out: FeatureWriter): void {
  const end = at(x, GRID_BINS);
  let most = GRID_BINS;
  let settled = 0;
  for (let bin = GRID_BINS; bin >= 0; bin -= 1) {
    if (at(x, bin) >= 0.9 * end) most = bin;
    if (settled === 0 && Math.abs(at(x, bin) - end) > 0.05 * spanPx) settled = bin;
  }
  out.put(most / GRID_BINS);
  out.put(settled / GRID_BINS);
  for (const twelfth of [3, 6, 10, 11]) {
    const place = (twelfth * GRID_BINS) / 12;
    const bin = Math.floor(place);
    out.put((at(x, bin) + (place - bin) * (at(x, bin + 1) - at(x, bin))) / spanPx);
  }
}
