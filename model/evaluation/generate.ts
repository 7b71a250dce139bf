import { ATTACK_FAMILIES } from "../attacks/index.ts";
import { onAnotherDevice } from "../devices/devices.ts";
import { Random } from "../random.ts";
import type { LabelledTrack } from "../tracks/labelled-track.ts";

/** Tracks of each family to judge a score by; other ones than any that it was trained on. */
const PER_FAMILY = 200;

/** Scripts of every family, made from the people given; half of those that are no replays on other devices. */
export function generateAttacks(
  humans: readonly LabelledTrack[],
  seed: number,
  perFamily = PER_FAMILY,
): LabelledTrack[] {
  const loot = { hands: humans.map(({ points }) => points) };
  return ATTACK_FAMILIES.flatMap((family) => {
    const random = Random.of(seed, `evaluation of ${family.name}`);
    return Array.from({ length: perFamily }, (_, index) => {
      const points = family.generate(random, loot);
      const elsewhere = !family.replay && index % 2 === 1;
      return {
        id: `${family.name}:${index}`,
        source: "generated",
        human: false,
        family: family.name,
        points: elsewhere ? onAnotherDevice(points, random) : points,
      };
    });
  });
}
