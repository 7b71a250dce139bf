import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { V4ModuleDefinition } from "miniflare";

/** The configuration that is deployed and run locally alike. */
export const WRANGLER_CONFIG = fileURLToPath(new URL("../wrangler.toml", import.meta.url));

/** Names a folder that holds a finished bundle, so that many processes share one build. */
export const BUNDLE_FOLDER_VARIABLE = "SLUICE_BUNDLE_FOLDER";

/** Wrangler neither phones home nor looks up the machine's location. */
export const OFFLINE_ENVIRONMENT = {
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
} as const;

const MODULE_TYPES: Readonly<Record<string, V4ModuleDefinition["type"]>> = {
  ".js": "ESModule",
  ".mjs": "ESModule",
  ".wasm": "CompiledWasm",
  ".bin": "Data",
  ".html": "Text",
  ".sql": "Text",
  ".txt": "Text",
};

/**
 * Builds the Worker into `folder` with `wrangler deploy --dry-run`: the very bundle that a deploy
 * would upload, with wrangler.toml's rules; `main` is another entry file for it. Throws with wrangler's
 * output when it does not build.
 */
export async function buildBundle(folder: string, main?: string): Promise<void> {
  const wrangler = createRequire(import.meta.url).resolve("wrangler/package.json");
  const command = join(wrangler, "../bin/wrangler.js");
  await promisify(execFile)(
    process.execPath,
    [
      command,
      "deploy",
      ...(main === undefined ? [] : [main]),
      ...["--dry-run", "--config", WRANGLER_CONFIG, "--outdir", folder],
    ],
    { env: { ...process.env, ...OFFLINE_ENVIRONMENT } },
  );
}

/**
 * The Worker's modules, main module first. Takes the bundle in the folder that the environment
 * names, or builds one, once per process.
 */
export function loadBundle(): Promise<readonly V4ModuleDefinition[]> {
  loaded ??= loadOrBuild();
  return loaded;
}
let loaded: Promise<readonly V4ModuleDefinition[]> | undefined;

async function loadOrBuild(): Promise<readonly V4ModuleDefinition[]> {
  const built = process.env[BUNDLE_FOLDER_VARIABLE];
  return built ? readModules(built, "index.js") : bundleOf();
}

/** The modules of a bundle made now, of wrangler.toml's entry file or of another. */
export async function bundleOf(main?: string): Promise<readonly V4ModuleDefinition[]> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-bundle-"));
  try {
    await buildBundle(folder, main);
    const entry = main === undefined ? "index" : basename(main, extname(main));
    return await readModules(folder, `${entry}.js`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readModules(
  folder: string,
  mainModule: string,
): Promise<readonly V4ModuleDefinition[]> {
  const names = (await readdir(folder)).filter((name) => extname(name) in MODULE_TYPES);
  names.sort((a, b) => Number(b === mainModule) - Number(a === mainModule));
  return Promise.all(names.map((name) => readModule(folder, name)));
}

async function readModule(folder: string, name: string): Promise<V4ModuleDefinition> {
  const type = MODULE_TYPES[extname(name)] ?? "Data";
  const contents = await readFile(join(folder, name));
  const isText = type === "ESModule" || type === "Text";
  return { type, path: name, contents: isText ? contents.toString("utf8") : contents };
}
