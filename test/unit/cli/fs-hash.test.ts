import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hashFile } from "../../../packages/cli/src/collectors/file-hash.ts";
import { fsHash } from "../../../packages/cli/src/collectors/fs-hash.ts";
import { collect, refusal, temporaryDirectory } from "./collecting.ts";

// FIPS 180-4 example values.
const SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const SHA256_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

function tree(): string {
  const root = temporaryDirectory();
  mkdirSync(join(root, "inner"));
  writeFileSync(join(root, "abc.txt"), "abc");
  writeFileSync(join(root, "inner", "empty.log"), "");
  writeFileSync(join(root, "inner", ".hidden.log"), "abc");
  return root;
}

describe("fs.hash", () => {
  it("hashes known content", async () => {
    const root = tree();
    const { rows } = await collect(fsHash, { glob: `${root}/**` });
    expect(rows).toHaveLength(3);
    expect(rows).toContainEqual({
      path: join(root, "abc.txt"),
      size: 3,
      mtime: expect.stringMatching(/Z$/),
      sha256: SHA256_OF_ABC,
    });
    expect(rows).toContainEqual(expect.objectContaining({ size: 0, sha256: SHA256_OF_NOTHING }));
  });

  it("hashes a file that is larger than what is in memory at a time", async () => {
    const root = tree();
    const content = randomBytes(1_000_003);
    writeFileSync(join(root, "large"), content);
    const { rows } = await collect(fsHash, { glob: join(root, "large") });
    expect(rows).toMatchObject([
      { size: content.length, sha256: createHash("sha256").update(content).digest("hex") },
    ]);
  });

  it.each([
    ["*.txt", ["abc.txt"]],
    ["*", ["abc.txt"]],
    ["*/*.log", ["inner/.hidden.log", "inner/empty.log"]],
    ["**/*.{txt,log}", ["abc.txt", "inner/.hidden.log", "inner/empty.log"]],
    ["inner/empt?.log", ["inner/empty.log"]],
    ["inner/[a-f]*.log", ["inner/empty.log"]],
    ["*.none", []],
  ])("matches %s", async (pattern, expected) => {
    const root = tree();
    const { rows } = await collect(fsHash, { glob: `${root}/${pattern}` });
    expect(rows.map(({ path }) => path).sort()).toEqual(expected.map((path) => join(root, path)));
  });

  it("tells of symbolic links and does not follow them, not to files and not to directories", async () => {
    const root = tree();
    const outside = tree();
    symlinkSync(join(outside, "abc.txt"), join(root, "file-link"));
    symlinkSync(outside, join(root, "directory-link"));
    const { rows } = await collect(fsHash, { glob: `${root}/**` });
    const error = "symbolic link, not followed";
    expect(rows).toContainEqual({ path: join(root, "file-link"), error });
    expect(rows).toContainEqual({ path: join(root, "directory-link"), error });
    expect(rows.filter((row) => "sha256" in row)).toHaveLength(3);
  });

  it("does not hash through a directory that became a link after it was found", async () => {
    const root = tree();
    symlinkSync(tree(), join(root, "swapped"));
    const hashing = hashFile(root, join(root, "swapped", "abc.txt"), 100, AbortSignal.timeout(5e3));
    await expect(hashing).rejects.toThrow("leads outside the searched directory");
  });

  it.skipIf(process.platform === "win32")("does not wait on a pipe", async () => {
    const root = tree();
    execFileSync("mkfifo", [join(root, "pipe")]);
    const hashing = hashFile(root, join(root, "pipe"), 100, AbortSignal.timeout(5e3));
    await expect(hashing).rejects.toThrow("not a regular file");
  });

  it.runIf(process.platform === "linux")("reports an unreadable file and goes on", async () => {
    const { rows } = await collect(fsHash, { glob: "/proc/self/{mem,status}" });
    expect(rows).toContainEqual({ path: expect.stringMatching(/mem$/), error: "EIO" });
    expect(rows).toContainEqual(expect.objectContaining({ sha256: expect.any(String) }));
  });

  it("fails when the directory to search does not exist", async () => {
    await expect(collect(fsHash, { glob: `${tree()}/none/*` })).rejects.toThrow("ENOENT");
  });

  it("leaves out files that are over maxBytes, and hashes smaller ones after them", async () => {
    const root = tree();
    writeFileSync(join(root, "aaa-large"), "x".repeat(100));
    const { rows } = await collect(fsHash, { glob: `${root}/*`, maxBytes: 50 });
    expect(rows).toContainEqual({
      path: join(root, "aaa-large"),
      error: "over what is left of maxBytes",
    });
    expect(rows).toContainEqual(expect.objectContaining({ sha256: SHA256_OF_ABC }));
  });

  it.runIf(process.platform === "linux")("bounds files that do not say their size", async () => {
    const { rows } = await collect(fsHash, { glob: "/proc/self/status", maxBytes: 10 });
    expect(rows).toMatchObject([{ error: "over what is left of maxBytes" }]);
  });

  it("stops after maxFiles and says so", async () => {
    const root = tree();
    const { rows } = await collect(fsHash, { glob: `${root}/**`, maxFiles: 1 });
    expect(rows.filter((row) => "sha256" in row)).toHaveLength(1);
    expect(rows).toContainEqual({ path: root, error: "stopped after 1 files" });
  });

  it("says how far it is, up to the whole", async () => {
    const { progress } = await collect(fsHash, { glob: `${tree()}/**` });
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
    expect(progress.at(-1)).toBe(1);
  });

  it("stops when the task is aborted", async () => {
    const aborted = AbortSignal.abort(new Error("cancelled"));
    await expect(collect(fsHash, { glob: `${tree()}/**` }, aborted)).rejects.toThrow("cancelled");
  });

  it.each([
    ["*.log", "must begin with an absolute path"],
    ["/srv/../etc/*", 'must not contain ".."'],
    ["/srv/{..,x}/*", 'must not contain ".."'],
    ["/srv/{.,x}{.,y}/*", 'must not contain ".."'],
    ["/srv/\\.\\./*", "must not use backslashes"],
    ["/srv/[ab", "has a bracket without its other one"],
    ["/srv/{a,b", "has braces that are nested or not closed"],
    ["/srv/{a,{b,c}}", "has braces that are nested or not closed"],
    [`/srv/${"{a,b}".repeat(7)}`, "stands for over 64 patterns"],
    [`/${"a".repeat(600)}`, "is over 512 characters"],
  ])("refuses the glob %s", (glob, error) => {
    expect(refusal(fsHash, { glob })).toBe(`argument "glob" ${error}`);
  });
});
