import { median } from "../report.ts";

const ROUNDS = 21;
/** Long beside the steps of the clock, short beside a change of what else the machine does. */
const ROUND_US = 20_000;
/** For the compilers to be done, whatever is measured. */
const WARM_UP_US = 300_000;

/**
 * Microseconds of processor time that one call takes: the median of rounds, warm. Of all the process's threads,
 * so that collecting garbage counts; and not of the wall, so that other work on the machine counts little.
 */
export function processorUs(act: (turn: number) => number): number {
  let turn = 0;
  const runFor = (calls: number): number => {
    let sum = 0;
    const before = process.cpuUsage();
    for (let call = 0; call < calls; call += 1) sum += act(turn++);
    const { user, system } = process.cpuUsage(before);
    // Looked at, so that no compiler leaves the work out.
    if (Number.isNaN(sum)) throw new Error("what is measured gave no number");
    return user + system;
  };
  let calls = 16;
  let spentUs = 0;
  for (let lastUs = 0; spentUs < WARM_UP_US || lastUs < ROUND_US; spentUs += lastUs) {
    lastUs = runFor(calls);
    if (lastUs < ROUND_US) calls *= 2;
  }
  return median(Array.from({ length: ROUNDS }, () => runFor(calls) / calls));
}
