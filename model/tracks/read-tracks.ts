import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { TrackPoint } from "@sluice/protocol";
import type { LabelledTrack } from "./labelled-track.ts";

const TRACK_FILE = /\.jsonl(\.gz)?$/;

/**
 * Every track of a folder's `.jsonl` and `.jsonl.gz` files, in the order of the files' names and lines. Throws
 * with the file and the line of the first object that is no track.
 */
export async function readTracks(folder: string): Promise<LabelledTrack[]> {
  const files = (await readdir(folder)).filter((name) => TRACK_FILE.test(name)).sort();
  if (files.length === 0) throw new Error(`${folder} has no .jsonl or .jsonl.gz file`);
  const tracks = await Promise.all(files.map((name) => readFileOfTracks(join(folder, name), name)));
  return tracks.flat();
}

async function readFileOfTracks(path: string, name: string): Promise<LabelledTrack[]> {
  const bytes = await readFile(path);
  const text = (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  const tracks: LabelledTrack[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const track = parseTrack(line, name.replace(TRACK_FILE, ""), index);
    if (track === null) throw new Error(`${name}, line ${index + 1}: no track`);
    tracks.push(track);
  }
  return tracks;
}

/** A line in the form of docs/score.md, or null. */
export function parseTrack(line: string, file: string, index: number): LabelledTrack | null {
  const value = parseObject(line);
  if (value === null) return null;
  const { id, src, label, family, pts } = value;
  if ((label !== 0 && label !== 1) || !Array.isArray(pts) || pts.length === 0) return null;
  if (!pts.every(isPoint)) return null;
  const human = label === 1;
  return {
    id: `${file}:${typeof id === "string" || typeof id === "number" ? id : index}`,
    source: typeof src === "string" ? src : file,
    human,
    family: typeof family === "string" ? family : human ? "human" : "attack",
    points: pts,
  };
}

function parseObject(line: string): { readonly [name: string]: unknown } | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function isPoint(value: unknown): value is TrackPoint {
  return Array.isArray(value) && value.length >= 3 && value.slice(0, 3).every(Number.isFinite);
}
