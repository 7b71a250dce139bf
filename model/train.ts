import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ATTACK_FAMILIES } from "./attacks/index.ts";
import { onAnotherDevice } from "./devices/devices.ts";
import { asAnotherPerson } from "./devices/people.ts";
import { Random } from "./random.ts";
import type { LabelledTrack } from "./tracks/labelled-track.ts";
import { readTracks } from "./tracks/read-tracks.ts";
import { readyBackend } from "./training/backend.ts";
import { calibrate } from "./training/calibrate.ts";
import { SHIPPED_PLAN, train } from "./training/distil.ts";
import { modelFile, writeModel } from "./training/export.ts";
import { scorerOf } from "./training/scorer.ts";
import { STRANGERS_REFUSED, strangersLogits } from "./training/strangers.ts";

const USAGE = `npm run model:train -- --data DIR [--strangers DIR] [--seed N] [--out FILE]
  --data       folder of .jsonl or .jsonl.gz tracks; its people train the score
  --strangers  people who take no part in the training and set the threshold alone
  --seed       1 by default
  --out        workers/verify/score/model.json by default`;

const OUT = fileURLToPath(new URL("../workers/verify/score/model.json", import.meta.url));
/** Without strangers the training people in other guises must do, and fewer of them may be refused. */
const GUISES_REFUSED = 0.002;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    strangers: { type: "string" },
    seed: { type: "string", default: "1" },
    out: { type: "string", default: OUT },
  },
});
if (values.data === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await main(values.data, values.strangers, Number(values.seed), values.out);
}

async function main(data: string, strangersFolder: string | undefined, seed: number, out: string) {
  const humans = (await readTracks(data)).filter(({ human }) => human);
  const strangers = strangersFolder
    ? (await readTracks(strangersFolder)).filter((t) => t.human)
    : [];
  console.log(`${humans.length} tracks of people, ${ATTACK_FAMILIES.length} families of scripts`);
  await readyBackend();
  const families = ATTACK_FAMILIES.filter(({ replay }) => !replay);
  const network = train(humans, families, SHIPPED_PLAN, seed, (what) => console.log(what));
  const score = scorerOf(network);
  const guises = inOtherGuises(humans, seed).map(score);
  const scripts = families.flatMap((family) => {
    const random = Random.of(seed, `calibration of ${family.name}`);
    const loot = { hands: humans.map(({ points }) => points) };
    return Array.from({ length: 40 }, () => score(family.generate(random, loot)));
  });
  const calibration =
    strangers.length > 0
      ? calibrate(
          guises,
          scripts,
          Object.values(strangersLogits(strangers, score)),
          STRANGERS_REFUSED,
        )
      : calibrate(guises, scripts, [guises], GUISES_REFUSED);
  await writeModel(out, modelFile(network, calibration, provenance(humans, strangers, seed)));
  console.log(`threshold ${calibration.threshold.toPrecision(4)}; written to ${out}`);
}

function inOtherGuises(humans: readonly LabelledTrack[], seed: number) {
  const random = Random.of(seed, "calibration of people");
  return humans.map(({ points }) => onAnotherDevice(asAnotherPerson(points, random), random));
}

function provenance(
  humans: readonly LabelledTrack[],
  strangers: readonly LabelledTrack[],
  seed: number,
) {
  const counts = (tracks: readonly LabelledTrack[]) =>
    Object.fromEntries(
      Object.entries(Object.groupBy(tracks, ({ source }) => source)).map(([name, group = []]) => [
        name,
        group.length,
      ]),
    );
  return {
    people: counts(humans),
    strangersForThreshold: counts(strangers),
    families: ATTACK_FAMILIES.filter(({ replay }) => !replay).map(({ name }) => name),
    plan: SHIPPED_PLAN,
    seed,
    trainer: "@tensorflow/tfjs-core 4.22.0, WebAssembly backend",
  };
}
