import { parseArgs } from "node:util";
import { SCORE_THRESHOLD, scoreTrack } from "../workers/verify/score/index.ts";
import { NETWORK } from "../workers/verify/score/model.ts";
import { oneFamilyEach, wholeGroups } from "./evaluation/folds.ts";
import { generateAttacks } from "./evaluation/generate.ts";
import { leaveFamiliesOut, leaveSourcesOut, TRAINING_FAMILIES } from "./evaluation/leave-out.ts";
import { printRefused, printReport, printUnseen } from "./evaluation/print.ts";
import { type Judged, reportOf } from "./evaluation/report.ts";
import { inSequence } from "./evaluation/sequence.ts";
import type { LabelledTrack } from "./tracks/labelled-track.ts";
import { readTracks } from "./tracks/read-tracks.ts";
import { readyBackend } from "./training/backend.ts";
import { scorerOf } from "./training/scorer.ts";
import { refusedByOthers, strangersLogits } from "./training/strangers.ts";

const USAGE = `npm run model:eval -- --data DIR [--json] [--generated] [--strangers DIR]
    [--leave-out | --leave-out-groups] [--kept-in FILE] [--seed N]
  --data        folder of .jsonl or .jsonl.gz tracks of people and of scripts
  --json        print nothing but the report, one JSON object on the last line
  --generated   judge every generated family as well; always so where the folder has no scripts
  --strangers   folder of people who set a threshold and took no part in the training: says what is refused of
                each source where the others set it, and what is caught of a family that was left out
  --leave-out   train anew without each family, one after the other, and without each source of people, and
                judge what was left out; an hour
  --leave-out-groups  the same without whole groups of families, six trainings; minutes
  --kept-in     file that keeps each training's result, to go on with after a stop
  --seed        of the generated families, 1000 by default`;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    json: { type: "boolean", default: false },
    generated: { type: "boolean", default: false },
    strangers: { type: "string" },
    "leave-out": { type: "boolean", default: false },
    "leave-out-groups": { type: "boolean", default: false },
    "kept-in": { type: "string" },
    seed: { type: "string", default: "1000" },
  },
});
if (values.data === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  await main(values.data);
}

async function main(data: string): Promise<void> {
  const given = await readTracks(data);
  const humans = given.filter(({ human }) => human);
  const strangers =
    values.strangers === undefined
      ? []
      : (await readTracks(values.strangers)).filter(({ human }) => human);
  const generate = values.generated || humans.length === given.length;
  const tracks = generate ? [...given, ...generateAttacks(humans, Number(values.seed))] : given;
  const report = reportOf(judge(tracks), SCORE_THRESHOLD);
  if (!values.json) printReport(report);
  console.log(
    JSON.stringify({
      ...report,
      ...judgeStrangers(strangers),
      ...(await leaveOut(humans, strangers)),
    }),
  );
}

function judge(tracks: readonly LabelledTrack[]): Judged[] {
  const remembered = inSequence(tracks);
  return tracks.map((track) => ({
    track,
    value: scoreTrack({ pointer: "mouse", points: track.points }).value,
    remembered: remembered.has(track),
  }));
}

/** What the shipped network refuses of each source of strangers where only the others have a say. */
function judgeStrangers(strangers: readonly LabelledTrack[]) {
  if (strangers.length === 0) return {};
  const strangersByOthers = refusedByOthers(strangersLogits(strangers, scorerOf(NETWORK)));
  if (!values.json) printRefused("strangers, by the others", strangersByOthers);
  return { strangersByOthers };
}

/** Progress goes to the error output, so that the last line of the other stays one JSON object. */
async function leaveOut(humans: readonly LabelledTrack[], strangers: readonly LabelledTrack[]) {
  if (!values["leave-out"] && !values["leave-out-groups"]) return {};
  await readyBackend();
  const evaluation = {
    humans,
    strangers,
    seed: Number(values.seed),
    keptIn: values["kept-in"],
    tell: (what: string) => console.error(what),
  };
  const folds = values["leave-out"] ? oneFamilyEach : wholeGroups;
  const leftOutFamilies = await leaveFamiliesOut(evaluation, folds(TRAINING_FAMILIES));
  const leftOutSources = leaveSourcesOut(evaluation);
  if (!values.json) printUnseen(leftOutFamilies);
  if (!values.json) printRefused("people left out", leftOutSources);
  return { leftOutFamilies, leftOutSources };
}
