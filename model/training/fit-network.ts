import * as tf from "@tensorflow/tfjs-core";
import type { Layer } from "../../workers/verify/score/network/network.ts";
import { Random } from "../random.ts";
import { BATCH, type Material, mixedBatch, type Recipe } from "./mixed-batch.ts";

const DECAY = 1e-4;
/** Learning rates, each for its share of the epochs. */
const RATES = [
  { rate: 3e-3, share: 0.6 },
  { rate: 1e-3, share: 0.25 },
  { rate: 3e-4, share: 0.15 },
] as const;

/** A network while it is trained: TensorFlow.js variables, of inputs × outputs and of outputs. */
interface Variables {
  readonly weights: tf.Variable<tf.Rank.R2>;
  readonly biases: tf.Variable<tf.Rank.R1>;
}

/** Trains a network with Adam; the same seed gives the same network on the same machine. */
export function fitNetwork(material: Material, recipe: Recipe, seed: number): Layer[] {
  const random = Random.of(seed, "fit");
  const variables = initial([material.width, ...recipe.hidden, 1], random);
  for (const { rate, share } of RATES) {
    const optimizer = tf.train.adam(rate);
    for (let epoch = 0; epoch < Math.round(recipe.epochs * share); epoch += 1) {
      runEpoch(material, recipe, variables, optimizer, random);
    }
    optimizer.dispose();
  }
  return variables.map(toLayer);
}

function initial(sizes: readonly number[], random: Random): Variables[] {
  return sizes.slice(1).map((outputs, index) => {
    const inputs = sizes[index] ?? 1;
    const scale = Math.sqrt(2 / inputs);
    const values = Float32Array.from({ length: inputs * outputs }, () => scale * random.normal());
    return {
      weights: tf.variable(tf.tensor2d(values, [inputs, outputs])),
      biases: tf.variable(tf.zeros<tf.Rank.R1>([outputs])),
    };
  });
}

function runEpoch(
  material: Material,
  recipe: Recipe,
  variables: readonly Variables[],
  optimizer: tf.Optimizer,
  random: Random,
): void {
  const count = material.targets.length;
  const order = random.shuffled(Array.from({ length: count }, (_, index) => index));
  for (let from = 0; from + BATCH <= count; from += BATCH) {
    const batch = mixedBatch(material, recipe, order.slice(from, from + BATCH), random);
    tf.tidy(() => {
      const inputs = tf.tensor2d(batch.inputs, [BATCH, material.width]);
      const targets = tf.tensor1d(batch.targets);
      const weights = tf.tensor1d(batch.weights);
      optimizer.minimize(() => loss(variables, inputs, targets, weights));
    });
  }
}

function loss(
  variables: readonly Variables[],
  inputs: tf.Tensor2D,
  targets: tf.Tensor1D,
  weights: tf.Tensor1D,
): tf.Scalar {
  const logits = tf.reshape(forward(variables, inputs), [BATCH]);
  // Cross entropy of logits, in the form that does not overflow.
  const entropy = tf.add(
    tf.sub(tf.relu(logits), tf.mul(logits, targets)),
    tf.log1p(tf.exp(tf.neg(tf.abs(logits)))),
  );
  const decay = variables
    .map(({ weights: w }) => tf.sum(tf.square(w)))
    .reduce((a, b) => tf.add(a, b));
  return tf.add(tf.mean(tf.mul(entropy, weights)), tf.mul(decay, DECAY));
}

function forward(variables: readonly Variables[], inputs: tf.Tensor2D): tf.Tensor2D {
  return variables.reduce<tf.Tensor2D>((values, { weights, biases }, index) => {
    const next: tf.Tensor2D = tf.add(tf.matMul(values, weights), biases);
    return index < variables.length - 1 ? tf.relu(next) : next;
  }, inputs);
}

/** From columns to rows, as inference reads them; frees the variables. */
function toLayer({ weights, biases }: Variables): Layer {
  const [inputs, outputs] = weights.shape;
  const transposed = tf.transpose(weights);
  const layer = {
    inputs,
    outputs,
    weights: Float32Array.from(transposed.dataSync()),
    biases: Float32Array.from(biases.dataSync()),
  };
  tf.dispose([transposed, weights, biases]);
  return layer;
}
