import type { TrackPoint } from "@sluice/protocol";
import { cleanTrack } from "../../workers/verify/score/clean-track.ts";
import { extractFeatures, FEATURES } from "../../workers/verify/score/features/index.ts";
import type { AttackFamily } from "../attacks/index.ts";
import { onAnotherDevice } from "../devices/devices.ts";
import { asAnotherPerson } from "../devices/people.ts";
import { Random } from "../random.ts";
import type { LabelledTrack } from "../tracks/labelled-track.ts";

/** Rows of features with what they are and how much each counts. */
export interface Examples {
  readonly rows: readonly Float32Array[];
  /** 1 for a person, 0 for a script. */
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

/** How many examples are made of each track and by each family. */
export interface Amounts {
  readonly perHuman: number;
  readonly perFamily: number;
}

/** Every fourth variant of a person's track changes the device alone. */
const SAME_PERSON_EVERY = 4;

type Group = readonly (Float32Array | null)[];

/** Rows by the source of the people or the name of the family that they are of. */
export interface ExampleGroups {
  readonly people: ReadonlyMap<string, Group>;
  readonly scripts: ReadonlyMap<string, Group>;
}

/**
 * Examples of people, each as themselves and as others on other devices, and of every family, half of them on
 * other devices. A group's rows do not depend on which other groups there are.
 */
export function makeExamples(
  humans: readonly LabelledTrack[],
  families: readonly AttackFamily[],
  { perHuman, perFamily }: Amounts,
  seed: number,
): ExampleGroups {
  const loot = { hands: humans.map(({ points }) => points) };
  const people = new Map<string, Group>();
  for (const [source, own = []] of Object.entries(Object.groupBy(humans, (h) => h.source))) {
    const random = Random.of(seed, `people of ${source}`);
    const guises = own.flatMap(({ points }) => variants(points, perHuman, random));
    people.set(source, guises.map(featuresOf));
  }
  const scripts = new Map<string, Group>();
  for (const family of families) {
    const random = Random.of(seed, `scripts of ${family.name}`);
    const group = Array.from({ length: perFamily }, (_, index) => {
      const points = family.generate(random, loot);
      return featuresOf(index % 2 === 0 ? points : onAnotherDevice(points, random));
    });
    scripts.set(family.name, group);
  }
  return { people, scripts };
}

function variants(points: readonly TrackPoint[], count: number, random: Random) {
  const others = Array.from({ length: count - 1 }, (_, index) => {
    const person = index % SAME_PERSON_EVERY === 0 ? points : asAnotherPerson(points, random);
    return onAnotherDevice(person, random);
  });
  return [points, ...others];
}

/** Features of a track, or null where it is no movement: such a track is refused without the network. */
export function featuresOf(points: readonly TrackPoint[]): Float32Array | null {
  const track = cleanTrack(points);
  if (typeof track === "string") return null;
  const row = new Float32Array(FEATURES.length);
  extractFeatures(track, row);
  return row;
}

/** Each source of people counts the same, and so does each family; people as much as scripts. */
export function joinExamples({ people, scripts }: ExampleGroups): Examples {
  const rows: Float32Array[] = [];
  const targets: number[] = [];
  const weights: number[] = [];
  const add = (groups: ReadonlyMap<string, Group>, target: number) => {
    for (const group of groups.values()) {
      const fit = group.filter((row) => row !== null);
      for (const row of fit) {
        rows.push(row);
        targets.push(target);
        weights.push(1 / (fit.length * groups.size));
      }
    }
  };
  add(people, 1);
  add(scripts, 0);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return { rows, targets, weights: weights.map((weight) => weight / mean) };
}
