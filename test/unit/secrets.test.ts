import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSecrets, saveSecrets } from "../../scripts/secrets.ts";
import { keyRing } from "../builders/keys.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-secrets-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const path = () => join(folder, "new", "secrets.json");

test("the first run makes secrets that only their owner may read", async () => {
  await loadSecrets(path());
  const { mode } = await stat(path());
  expect(mode & 0o777).toBe(0o600);
});

test("the key ring is one, and there is no operator key before the service has made it", async () => {
  const secrets = await loadSecrets(path());
  expect(keyRing(secrets.keyRing).keys).toHaveLength(1);
  expect(secrets.operatorKey).toBeNull();
});

test("an operator key that is saved is there on the next run, for its owner alone", async () => {
  const secrets = { ...(await loadSecrets(path())), operatorKey: "sk_1" };
  await saveSecrets(path(), secrets);
  expect(await loadSecrets(path())).toEqual(secrets);
  expect((await stat(path())).mode & 0o777).toBe(0o600);
  expect(await readdir(join(folder, "new"))).toEqual(["secrets.json"]);
});

test("a later run reads the same secrets and writes nothing", async () => {
  const first = await loadSecrets(path());
  const text = await readFile(path(), "utf8");
  expect(await loadSecrets(path())).toEqual(first);
  expect(await readFile(path(), "utf8")).toBe(text);
});

test("two installations share no secret", async () => {
  const one = await loadSecrets(path());
  const other = await loadSecrets(join(folder, "other.json"));
  for (const field of ["keyRing", "adminSecret"] as const) {
    expect(one[field]).not.toBe(other[field]);
  }
});

test.each(["", "{", "{}", "[1]", '{"keyRing":"secret-part","adminSecret":""}'])(
  "a damaged file %j is refused, kept and not quoted",
  async (text) => {
    const damaged = join(folder, "secrets.json");
    await writeFile(damaged, text);
    const refusal = await loadSecrets(damaged).catch((error: Error) => error.message);
    expect(refusal).toContain("move it away");
    expect(refusal).not.toContain("secret-part");
    expect(await readFile(damaged, "utf8")).toBe(text);
  },
);
