import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadSecrets } from "../../scripts/secrets.ts";
import { verifyKey } from "../../workers/keys/index.ts";
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

test("the operator key is one that the key ring vouches for", async () => {
  const secrets = await loadSecrets(path());
  const verified = await verifyKey(await keyRing(secrets.keyRing), secrets.operatorKey);
  expect(verified).toMatchObject({ ok: true, value: { kind: "operator" } });
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
  for (const field of ["keyRing", "adminSecret", "operatorKey"] as const) {
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
