import type { TrackPoint } from "@sluice/protocol";
import type { Random } from "../random.ts";
import type { AttackFamily } from "./attack.ts";
import { handAt } from "./hands.ts";

type Hand = readonly TrackPoint[];
type Change = (hand: Hand, random: Random) => TrackPoint[];

function jittered(hand: Hand, random: Random): TrackPoint[] {
  return hand.map(([x, y, t], index) =>
    index === 0 ? [x, y, t] : [x + random.integer(-1, 1), y + random.integer(-1, 1), t],
  );
}

function scaled(hand: Hand, random: Random): TrackPoint[] {
  const factor = random.between(0.8, 1.25);
  return hand.map(([x, y, t]) => [Math.round(x * factor), Math.round(y * factor), t]);
}

function stretched(hand: Hand, random: Random): TrackPoint[] {
  const factor = random.between(0.8, 1.25);
  return hand.map(([x, y, t]) => [x, y, Math.round(t * factor)]);
}

function resampled(hand: Hand, random: Random): TrackPoint[] {
  const [, , total] = hand.at(-1) ?? [0, 0, 0];
  const stepMs = random.pick([8, 10, 16, 1000 / 60, 20, 25]);
  const count = Math.max(6, Math.min(400, Math.round(total / stepMs)));
  return Array.from({ length: count + 1 }, (_, index): TrackPoint => {
    const [x, y, t] = handAt(hand, index / count);
    return [Math.round(x), Math.round(y), Math.round(t)];
  });
}

function truncatedSomewhere(hand: Hand, random: Random): TrackPoint[] {
  return truncated(hand, random.between(0.5, 0.95));
}

function everything(hand: Hand, random: Random): TrackPoint[] {
  return [truncatedSomewhere, scaled, stretched, jittered].reduce<TrackPoint[]>(
    (track, change) => change(track, random),
    [...hand],
  );
}

/** What an attacker does to a recorded hand to use it once more; each keeps it a hand. */
export const REPLAY_CHANGES: Readonly<Record<string, Change>> = {
  exact: (hand) => [...hand],
  truncated: truncatedSomewhere,
  jittered,
  scaled,
  stretched,
  resampled,
  everything,
};

/** Cut where a shorter slider ends: at a share of the way. */
function truncated(hand: Hand, share: number): TrackPoint[] {
  const goal = share * Math.max(...hand.map(([x]) => x));
  const until = hand.findIndex(([x]) => x >= goal);
  return hand.slice(0, Math.max(6, until + 1)).map(([x, y, t]) => [x, y, t]);
}

export const REPLAYS: readonly AttackFamily[] = Object.entries(REPLAY_CHANGES).map(
  ([name, change]) => ({
    name: `replay-${name}`,
    group: "replay",
    replay: true,
    generate: (random, { hands }) => change(random.pick(hands), random),
  }),
);
