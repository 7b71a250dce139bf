import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTracks } from "../../../model/tracks/read-tracks.ts";

const LINE = '{"id":7,"src":"page","label":1,"family":"human-mouse","pts":[[0,0,0],[3,1,16]]}';
const SCRIPT = '{"label":0,"pts":[[0,0,0],[9,0,10]]}';

describe("reading a folder of tracks", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "tracks-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("takes plain and packed files in the order of their names, and no others", async () => {
    await writeFile(join(folder, "b.jsonl"), `${SCRIPT}\n\n`);
    await writeFile(join(folder, "a.jsonl.gz"), gzipSync(`${LINE}\n${LINE}`));
    await writeFile(join(folder, "notes.txt"), "nothing");
    const tracks = await readTracks(folder);
    expect(tracks.map(({ source, human, family }) => [source, human, family])).toEqual([
      ["page", true, "human-mouse"],
      ["page", true, "human-mouse"],
      ["b", false, "attack"],
    ]);
  });

  it("names the file and the line of what is no track", async () => {
    await writeFile(join(folder, "a.jsonl"), `${LINE}\n{"label":2,"pts":[[0,0,0]]}\n`);
    await expect(readTracks(folder)).rejects.toThrow("a.jsonl, line 2");
    await writeFile(join(folder, "a.jsonl"), '{"label":1,"pts":[[0,0,"now"]]}');
    await expect(readTracks(folder)).rejects.toThrow("a.jsonl, line 1");
  });

  it("says so when there is nothing to read", async () => {
    await expect(readTracks(folder)).rejects.toThrow("no .jsonl");
  });
});
