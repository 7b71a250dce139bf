import type { CleanTrack } from "../clean-track.ts";
import { at, log1p2, Pairs, ratio } from "./numbers.ts";
import type { FeatureWriter } from "./writer.ts";

/** How the pointer strayed across the slider. */
export const LATERAL_FEATURES = [
  "side.range",
  "side.moving_share",
  "side.alone_share",
  "side.turns",
  "side.roughness",
  "side.autocorrelation",
  "side.with_way",
  "side.with_step",
  "side.detour",
] as const;

export function writeLateral(track: CleanTrack, out: FeatureWriter): void {
  const { y, count, spanPx } = track;
  let lowest = 0;
  let highest = 0;
  let moving = 0;
  let turns = 0;
  let lastSign = 0;
  for (let index = 1; index < count; index += 1) {
    const dy = at(y, index) - at(y, index - 1);
    lowest = Math.min(lowest, at(y, index));
    highest = Math.max(highest, at(y, index));
    if (dy === 0) continue;
    moving += 1;
    if (lastSign !== 0 && Math.sign(dy) !== lastSign) turns += 1;
    lastSign = Math.sign(dy);
  }
  const range = highest - lowest;
  out.put(Math.min(4, range / spanPx));
  out.put(moving / (count - 1));
  const pairs = writePairs(track, out);
  out.put(ratio(turns, moving));
  out.put(pairs.roughness);
  out.put(pairs.autocorrelation);
  writeShape(track, out);
}

/** Writes the share of steps that go across alone; what needs more than one step is returned. */
function writePairs({ x, y, count }: CleanTrack, out: FeatureWriter) {
  const next = new Pairs();
  let alone = 0;
  let bends = 0;
  let squares = 0;
  let before = at(y, 1) - at(y, 0);
  for (let index = 2; index < count; index += 1) {
    const dy = at(y, index) - at(y, index - 1);
    next.add(before, dy);
    bends += (dy - before) ** 2;
    squares += dy * dy;
    if (dy !== 0 && at(x, index) === at(x, index - 1)) alone += 1;
    before = dy;
  }
  out.put(alone / (count - 2));
  return {
    roughness: Math.log2((bends + 1) / (squares + 1)),
    autocorrelation: next.correlation(),
  };
}

function writeShape({ x, y, count }: CleanTrack, out: FeatureWriter): void {
  const line = new Pairs();
  const sizes = new Pairs();
  const endX = at(x, count - 1);
  const endY = at(y, count - 1);
  const chord = Math.max(1, Math.hypot(endX, endY));
  let path = 0;
  for (let index = 1; index < count; index += 1) {
    const dx = at(x, index) - at(x, index - 1);
    const dy = at(y, index) - at(y, index - 1);
    line.add(at(x, index), at(y, index));
    sizes.add(Math.abs(dx), Math.abs(dy));
    path += Math.sqrt(dx * dx + dy * dy);
  }
  out.put(line.correlation());
  out.put(sizes.correlation());
  out.put(log1p2(Math.min(16, path / chord - 1)));
}
