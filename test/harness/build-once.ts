import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUNDLE_FOLDER_VARIABLE, buildBundle } from "../../scripts/bundle.ts";

/** Builds the Worker once for all test files; each of them runs in a process of its own. */
export default async function buildOnce(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bundle-"));
  await buildBundle(folder);
  process.env[BUNDLE_FOLDER_VARIABLE] = folder;
  return () => rm(folder, { recursive: true, force: true });
}
