import { writeFile } from "node:fs/promises";
import { FEATURE_VERSION } from "../../workers/verify/score/features/index.ts";
import { MODEL_FORMAT, type ModelFile } from "../../workers/verify/score/network/model-file.ts";
import type { Network } from "../../workers/verify/score/network/network.ts";
import type { Calibration } from "./calibrate.ts";

/** What a reader should know of where the weights come from. */
export type Provenance = Readonly<Record<string, unknown>>;

/** The model as it is kept in the project. */
export function modelFile(
  { means, scales, layers }: Network,
  { slope, offset, threshold }: Calibration,
  provenance: Provenance,
): ModelFile & { readonly provenance: Provenance } {
  const parts = [means, scales, ...layers.flatMap(({ weights, biases }) => [weights, biases])];
  const values = Float32Array.from(parts.flatMap((part) => [...part]));
  return {
    format: MODEL_FORMAT,
    featureVersion: FEATURE_VERSION,
    sizes: [means.length, ...layers.map(({ outputs }) => outputs)],
    threshold: Number(threshold.toPrecision(6)),
    calibration: { slope: Number(slope.toPrecision(6)), offset: Number(offset.toPrecision(6)) },
    parameters: Buffer.from(values.buffer).toString("base64url"),
    provenance,
  };
}

export async function writeModel(path: string, file: ModelFile): Promise<void> {
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`);
}
