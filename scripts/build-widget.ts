import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Plugin } from "esbuild";

const WIDGET = new URL("../packages/widget/", import.meta.url);
const ENTRY = fileURLToPath(new URL("src/api.ts", WIDGET));
const WORKER = fileURLToPath(new URL("src/work/worker.ts", WIDGET));
const OUTPUT = new URL("dist/api-source.ts", WIDGET);

/** Browsers with closed shadow trees, `dialog` and sheets made by script: from spring 2023 on. */
const TARGET = ["chrome109", "firefox115", "safari16.4"];

/** Bytes of the script as it is and as it travels. */
export interface WidgetSize {
  readonly bytes: number;
  readonly gzipped: number;
}

/** A style sheet is bundled as its text, made small, together with those that it imports. */
const cssText: Plugin = {
  name: "css-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      return { contents: await textOf({ entryPoints: [path] }), loader: "text" };
    });
  },
};

/**
 * Bundles the widget into the text of `api.js`, with the program of its Web Worker inside, and writes it as a
 * TypeScript module that the Worker imports. A module, because that is what Node, wrangler and the tests'
 * runtime all can import alike. Writes nothing when nothing changed.
 */
export async function buildWidget(): Promise<WidgetSize> {
  const worker = await bundle(WORKER, {});
  const source = await bundle(ENTRY, { WORKER_SOURCE: JSON.stringify(worker) });
  const module = moduleOf(source);
  const before = await readFile(OUTPUT, "utf8").catch(() => "");
  if (before !== module) await replace(module);
  return { bytes: Buffer.byteLength(source), gzipped: gzipSync(source, { level: 9 }).length };
}

/** With the text its hash, by which a browser asks whether it has the newest. */
function moduleOf(source: string): string {
  const hash = createHash("sha256").update(source).digest("base64url").slice(0, 22);
  return `/** Made by scripts/build-widget.ts. */
export const API_SOURCE = ${JSON.stringify(source)};
export const API_HASH = ${JSON.stringify(hash)};
`;
}

async function bundle(entry: string, define: Record<string, string>): Promise<string> {
  return textOf({ entryPoints: [entry], format: "iife", define, plugins: [cssText] });
}

/** The small text that esbuild makes of an entry and all that it imports. */
async function textOf(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    minify: true,
    write: false,
    target: TARGET,
    charset: "utf8",
    legalComments: "none",
    ...options,
  });
  return outputFiles?.[0]?.text.trim() ?? "";
}

/** Whole or not at all: several builds may run at once. */
async function replace(module: string): Promise<void> {
  await mkdir(new URL(".", OUTPUT), { recursive: true });
  const written = new URL(`api-source.${process.pid}.new`, OUTPUT);
  await writeFile(written, module);
  await rename(written, OUTPUT);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { bytes, gzipped } = await buildWidget();
  console.log(`api.js: ${bytes} bytes, ${gzipped} gzipped`);
}
