import { type Findings, printFindings } from "./report.ts";

/** Every benchmark by its name: `npm run bench -- NAME`. */
const BENCHES: Readonly<Record<string, () => Promise<{ run: () => Promise<Findings> }>>> = {
  burst: () => import("./burst.ts"),
  sustained: () => import("./sustained.ts"),
  slots: () => import("./slots.ts"),
  throughput: () => import("./throughput.ts"),
  rows: () => import("./rows.ts"),
  idle: () => import("./idle.ts"),
  forged: () => import("./forged.ts"),
  cache: () => import("./cache.ts"),
  fairness: () => import("./fairness.ts"),
  redeem: () => import("./redeem.ts"),
  storm: () => import("./storm.ts"),
  failover: () => import("./failover.ts"),
  slider: () => import("./slider.ts"),
  score: () => import("./score.ts"),
};

const [name = ""] = process.argv.slice(2);
const load = BENCHES[name];
if (load === undefined) {
  console.error(`npm run bench -- NAME, with NAME one of: ${Object.keys(BENCHES).join(", ")}`);
  process.exitCode = 2;
} else {
  const bench = await load();
  printFindings(name, await bench.run());
}
