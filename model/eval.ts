import { parseArgs } from "node:util";
import { SCORE_THRESHOLD, scoreTrack } from "../workers/verify/score/index.ts";
import { generateAttacks } from "./evaluation/generate.ts";
import { leaveFamiliesOut, leaveSourcesOut, printLeftOut } from "./evaluation/leave-out.ts";
import { printReport } from "./evaluation/print.ts";
import { type Judged, reportOf } from "./evaluation/report.ts";
import { inSequence } from "./evaluation/sequence.ts";
import type { LabelledTrack } from "./tracks/labelled-track.ts";
import { readTracks } from "./tracks/read-tracks.ts";
import { readyBackend } from "./training/backend.ts";

const USAGE = `npm run model:eval -- --data DIR [--json] [--generated] [--leave-out] [--seed N]
  --data       folder of .jsonl or .jsonl.gz tracks of people and of scripts
  --json       print nothing but the report, one JSON object on the last line
  --generated  judge every generated family as well; always so where the folder has no scripts
  --leave-out  train anew without each group of families and each source of people, and judge what was left out
  --seed       of the generated families, 1000 by default`;

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    json: { type: "boolean", default: false },
    generated: { type: "boolean", default: false },
    "leave-out": { type: "boolean", default: false },
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
  const generate = values.generated || humans.length === given.length;
  const tracks = generate ? [...given, ...generateAttacks(humans, Number(values.seed))] : given;
  const remembered = inSequence(tracks);
  const judged: Judged[] = tracks.map((track) => ({
    track,
    value: scoreTrack({ pointer: "mouse", points: track.points }).value,
    remembered: remembered.has(track),
  }));
  const report = reportOf(judged, SCORE_THRESHOLD);
  if (!values.json) printReport(report);
  const leftOut = values["leave-out"] ? await leaveOut(humans) : {};
  console.log(JSON.stringify({ ...report, ...leftOut }));
}

/** Progress goes to the error output, so that the last line of the other stays one JSON object. */
async function leaveOut(humans: readonly LabelledTrack[]) {
  await readyBackend();
  const tell = (what: string) => console.error(what);
  const leftOutFamilies = leaveFamiliesOut(humans, Number(values.seed), tell);
  const leftOutSources = leaveSourcesOut(humans, Number(values.seed), tell);
  if (!values.json) printLeftOut(leftOutFamilies, leftOutSources);
  return { leftOutFamilies, leftOutSources };
}
