import type { CleanTrack } from "../clean-track.ts";
import { at, Pairs, ratio } from "./numbers.ts";
import type { FeatureWriter } from "./writer.ts";

/** How far each event went along the slider. */
export const STEP_FEATURES = [
  "step.zero_share",
  "step.back_share",
  "step.overshoot",
  "step.mode_share",
  "step.distinct",
  "step.entropy",
  "step.autocorrelation",
  "step.autocorrelation_2",
  "step.equal_share",
  "step.roughness",
  "step.largest",
  "step.first",
  "step.with_time",
  "step.time_true",
  "step.exactness",
  "step.speed_roughness",
  "step.late_back_share",
] as const;

/** Steps from −16 to 47 px have a bin each; the rest share the first and the last. */
const BINS = 64;
const LOWEST = -16;

const histogram = new Uint16Array(BINS);

export function writeSteps(track: CleanTrack, out: FeatureWriter): void {
  const { x, count, spanPx } = track;
  const steps = count - 1;
  histogram.fill(0);
  const tally = { zero: 0, back: 0, lateBack: 0, largest: 0, farthest: 0 };
  for (let index = 1; index < count; index += 1) {
    const dx = at(x, index) - at(x, index - 1);
    const bin = Math.min(BINS - 1, Math.max(0, dx - LOWEST));
    histogram[bin] = at(histogram, bin) + 1;
    tally.farthest = Math.max(tally.farthest, at(x, index));
    tally.largest = Math.max(tally.largest, Math.abs(dx));
    if (dx === 0) tally.zero += 1;
    if (dx >= 0) continue;
    tally.back += 1;
    if (index > count * 0.75) tally.lateBack += 1;
  }
  out.put(tally.zero / steps);
  out.put(tally.back / steps);
  out.put((tally.farthest - at(x, count - 1)) / spanPx);
  writeHistogram(steps, out);
  writeNeighbours(track, out);
  out.put(tally.largest / spanPx);
  out.put((at(x, 1) - at(x, 0)) / spanPx);
  writeWithTime(track, out);
  out.put(ratio(tally.lateBack, tally.back));
}

function writeHistogram(steps: number, out: FeatureWriter): void {
  let mode = 0;
  let distinct = 0;
  let entropy = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    const here = at(histogram, bin);
    if (here === 0) continue;
    mode = Math.max(mode, here);
    distinct += 1;
    entropy -= here * Math.log2(here / steps);
  }
  out.put(mode / steps);
  out.put(distinct / steps);
  out.put(entropy / steps / Math.log2(Math.max(2, Math.min(BINS, steps))));
}

/** How each step follows from the ones before. */
function writeNeighbours({ x, count }: CleanTrack, out: FeatureWriter): void {
  const next = new Pairs();
  const nextButOne = new Pairs();
  let equal = 0;
  let bends = 0;
  let squares = 0;
  for (let index = 2; index < count; index += 1) {
    const dx = at(x, index) - at(x, index - 1);
    const before = at(x, index - 1) - at(x, index - 2);
    next.add(before, dx);
    squares += dx * dx;
    bends += (dx - before) ** 2;
    if (dx === before) equal += 1;
    if (index < 3) continue;
    const earlier = at(x, index - 2) - at(x, index - 3);
    nextButOne.add(earlier, dx);
  }
  const pairs = count - 2;
  out.put(next.correlation());
  out.put(nextButOne.correlation());
  out.put(equal / pairs);
  out.put(Math.log2((bends + 1) / (squares + 1)));
}

/**
 * Whether steps are as long as their time: something that moves goes farther in a longer interval, while a
 * list of steps that is sent with random pauses does not. `step.time_true` compares how well a step is
 * foretold from its neighbours' speed with how well it is from their length.
 */
function writeWithTime({ x, t, count }: CleanTrack, out: FeatureWriter): void {
  const withTime = new Pairs();
  let bySpeed = 0;
  let byLength = 0;
  let compared = 0;
  let changes = 0;
  let changed = 0;
  for (let index = 2; index < count; index += 1) {
    const dx = at(x, index) - at(x, index - 1);
    const dt = at(t, index) - at(t, index - 1);
    if (dt <= 100) withTime.add(Math.abs(dx), dt);
    const speedBefore =
      (at(x, index - 1) - at(x, index - 2)) / (at(t, index - 1) - at(t, index - 2));
    if (dx > 0 && speedBefore > 0) {
      changed += 1;
      changes += Math.abs(Math.log(dx / dt / speedBefore));
    }
    if (index + 1 >= count || index < 3) continue;
    const around = at(x, index + 1) - at(x, index) + at(x, index - 1) - at(x, index - 2);
    const aroundMs = at(t, index + 1) - at(t, index) + at(t, index - 1) - at(t, index - 2);
    if (dt > 100 || aroundMs > 200) continue;
    bySpeed += Math.abs(dx - (around / aroundMs) * dt);
    byLength += Math.abs(dx - around / 2);
    compared += 1;
  }
  out.put(withTime.correlation());
  out.put(Math.log2((bySpeed + 2) / (byLength + 2)));
  // How near to a smooth curve at best, in pixels; rounding alone leaves about 0.4.
  out.put(Math.log2(ratio(Math.min(bySpeed, byLength), compared) + 0.1));
  out.put(ratio(changes, changed));
}
