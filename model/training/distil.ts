import { type Forward, plainForward } from "../../workers/verify/score/network/forward.ts";
import type { Layer, Network } from "../../workers/verify/score/network/network.ts";
import type { AttackFamily } from "../attacks/index.ts";
import type { LabelledTrack } from "../tracks/labelled-track.ts";
import { type Amounts, type ExampleGroups, joinExamples, makeExamples } from "./examples.ts";
import { fitNetwork } from "./fit-network.ts";
import type { Material, Recipe } from "./mixed-batch.ts";
import { scaledMatrix, standardScale } from "./standard-scale.ts";

/** Several large networks whose mean is what the small one learns from (Hinton et al., 2015). */
export interface Plan {
  readonly amounts: Amounts;
  /** How many; with none the student learns from the labels alone. */
  readonly teachers: number;
  readonly teacher: Recipe;
  readonly student: Recipe;
}

/** The plan of the shipped score. */
export const SHIPPED_PLAN: Plan = {
  amounts: { perHuman: 13, perFamily: 400 },
  teachers: 3,
  teacher: { hidden: [96, 48], epochs: 10, mixup: 0.5, noise: 0.2, dropout: 0.1 },
  student: { hidden: [64, 32], epochs: 20, mixup: 0.5, noise: 0.1, dropout: 0 },
};

/** How much of a student's target is the teachers' word; the rest is the label. */
const SOFT_SHARE = 0.8;

/** Trains teachers and from them the student: the network that runs on every request. */
export function train(
  humans: readonly LabelledTrack[],
  families: readonly AttackFamily[],
  plan: Plan,
  seed: number,
  tell: (what: string) => void,
): Network {
  return trainOn(makeExamples(humans, families, plan.amounts, seed), plan, seed, tell);
}

/** The same from examples that are there already. */
export function trainOn(
  groups: ExampleGroups,
  plan: Plan,
  seed: number,
  tell: (what: string) => void,
): Network {
  const examples = joinExamples(groups);
  tell(`${examples.rows.length} examples`);
  const scale = standardScale(examples.rows);
  const hard: Material = {
    matrix: scaledMatrix(examples.rows, scale),
    width: scale.means.length,
    targets: Float32Array.from(examples.targets),
    weights: Float32Array.from(examples.weights),
  };
  const teachers = Array.from({ length: plan.teachers }, (_, index) => {
    tell(`teacher ${index + 1} of ${plan.teachers}`);
    return plainForward({ ...scale, layers: fitNetwork(hard, plan.teacher, seed + index) });
  });
  tell("student");
  const layers: Layer[] = fitNetwork(softened(hard, teachers), plan.student, seed);
  return { ...scale, layers };
}

/** Without teachers the labels stay as they are. */
function softened(material: Material, teachers: readonly Forward[]): Material {
  if (teachers.length === 0) return material;
  const { matrix, width, targets } = material;
  const soft = targets.map((target, index) => {
    const row = matrix.subarray(index * width, (index + 1) * width);
    const logit = teachers.reduce((sum, teacher) => sum + teacher(row), 0) / teachers.length;
    return SOFT_SHARE / (1 + Math.exp(-logit)) + (1 - SOFT_SHARE) * target;
  });
  return { ...material, targets: soft };
}
