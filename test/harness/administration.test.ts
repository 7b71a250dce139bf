import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { ADMIN_SECRET } from "../builders/secrets.ts";
import { type Ran, runCli } from "../unit/cli/command-line.ts";
import { RawClient } from "./raw-client.ts";
import { type Running, runSluice } from "./running.ts";

let running: Running;
beforeAll(async () => {
  running = await runSluice();
});
afterAll(() => running.service.stop());

/** Runs the command line as an operator; with another key, as its holder. */
function sluice(argv: readonly string[], key: string = running.operatorKey): Promise<Ran> {
  return runCli(argv, { SLUICE_URL: running.service.url, SLUICE_KEY: key });
}

/** Runs the command line as the service's admin. */
function admin(argv: readonly string[], secret = ADMIN_SECRET): Promise<Ran> {
  return runCli(["account", ...argv], {
    SLUICE_URL: running.service.url,
    SLUICE_ADMIN_SECRET: secret,
  });
}

/** What a command printed with `--json`; fails with what it complained of. */
function jsonOf({ exitCode, stdout, stderr }: Ran) {
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout);
}

/** The items that a list printed with `--json`. */
function itemsOf({ stdout }: Ran): { readonly id: string; readonly [field: string]: unknown }[] {
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const KEEP_IT = /shown this once, and the service stores only its hash/;

describe("sluice account", () => {
  test("opens an account, whose first key works at once and is shown alone", async () => {
    const opened = await admin(["create", "acme", "--limit", "keys=3", "--limit", "sites=0"]);
    expect(opened.exitCode).toBe(0);
    expect(opened.stdout).toMatch(/^sk_\S+\n$/);
    expect(opened.stderr).toMatch(KEEP_IT);
    const keys = itemsOf(await sluice(["key", "list", "--json"], opened.stdout.trim()));
    expect(keys).toMatchObject([{ label: "first key", role: "admin" }]);
    const [, id = ""] = /account (ac_\w+),/.exec(opened.stderr) ?? [];
    const { limits } = jsonOf(await admin(["show", id, "--json"]));
    expect(limits).toMatchObject({ keys: 3, sites: 0, clients: 100_000 });
  });

  test("suspends it, lets it act again, issues it a key, and deletes it for good", async () => {
    const { account, operatorKey } = jsonOf(await admin(["create", "acme", "--json"]));
    const suspended = await admin(["update", account.id, "--suspend", "--name", "late payer"]);
    expect(suspended.stdout).toMatch(/^ac_\w+ {2}suspended\nname +late payer\n/);
    expect((await admin(["update", account.id, "--resume"])).stdout).not.toContain("suspended");
    const issued = await admin(["issue-key", account.id, "--role", "viewer"]);
    expect(issued.stdout).toMatch(/^sk_/);
    expect(itemsOf(await sluice(["key", "list", "--json"], operatorKey.key))).toHaveLength(2);
    expect((await admin(["delete", account.id])).exitCode).toBe(2);
    expect((await admin(["delete", account.id, "--yes"])).stderr).toBe(`${account.id} deleted\n`);
    expect((await admin(["show", account.id])).exitCode).toBe(4);
  });

  test("lists accounts as a table", async () => {
    await admin(["create", "listed"]);
    await vi.waitFor(async () => {
      const { stdout } = await admin(["list"]);
      expect(stdout).toMatch(/^ACCOUNT +NAME +CREATED +SUSPENDED\n/);
      expect(stdout).toMatch(/ac_\w{13} +listed +2\d{3}-/);
    }, 60_000);
  });

  test("takes the secret from a file, and from no option", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, "admin-secret");
    await writeFile(file, `${ADMIN_SECRET}\n`, { mode: 0o600 });
    const from = (option: string, value: string) =>
      runCli(["account", "list", "--url", running.service.url, option, value]);
    expect((await from("--admin-secret-file", file)).exitCode).toBe(0);
    expect((await from("--admin-secret-file", join(folder, "none"))).exitCode).toBe(3);
    expect((await from("--admin-secret", ADMIN_SECRET)).exitCode).toBe(2);
  });

  test.each(["wrong-secret-wrong-secret", "", "half\u00e9secret"])(
    "ends with 3 with the secret %j, and does not repeat it",
    async (secret) => {
      const { exitCode, stdout, stderr } = await admin(["list"], secret);
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: "" });
      if (secret !== "") expect(stderr).not.toContain(secret);
    },
  );
});

describe("sluice key", () => {
  test("makes a key that may do what its role says", async () => {
    const made = await sluice(["key", "create", "--label", "screen", "--role", "viewer"]);
    expect(made.stderr).toMatch(KEEP_IT);
    const viewer = made.stdout.trim();
    expect((await sluice(["key", "list"], viewer)).stdout).toMatch(/viewer +screen/);
    const refused = await sluice(["key", "create"], viewer);
    expect(refused).toMatchObject({ exitCode: 3, stdout: "" });
    expect(refused.stderr).toContain("forbidden");
  });

  test("lists keys without their texts", async () => {
    const made = jsonOf(await sluice(["key", "create", "--json"]));
    const listed = await sluice(["key", "list", "--json"]);
    expect(itemsOf(listed).map(({ id }) => id)).toContain(made.id);
    expect(listed.stdout).not.toContain(made.key);
    expect(listed.stdout).not.toContain("secretHash");
  });

  test("rotates a key: the new text opens, and the old one until the overlap ends", async () => {
    const made = jsonOf(await sluice(["key", "create", "--json"]));
    const rotated = await sluice(["key", "rotate", made.id, "--overlap", "3600"]);
    expect(rotated.stdout).toMatch(/^sk_/);
    expect(rotated.stdout.trim()).not.toBe(made.key);
    expect(rotated.stderr).toMatch(/the old one opens until 2\d{3}-/);
    const atOnce = await sluice(["key", "rotate", made.id, "--overlap", "0"]);
    expect(atOnce.stderr).toMatch("the old one opens nothing any more");
  });

  test("deletes a key, which is then not found", async () => {
    const { id } = jsonOf(await sluice(["key", "create", "--json"]));
    expect(await sluice(["key", "delete", id])).toMatchObject({ exitCode: 0, stdout: "" });
    expect((await sluice(["key", "delete", id])).exitCode).toBe(4);
  });
});

describe("sluice site", () => {
  const create = [
    "site",
    "create",
    "shop",
    "--hostname",
    "shop.example",
    "--hostname",
    "*.a.example",
  ];

  test("makes a site, shows it, changes what is given and leaves the rest", async () => {
    const made = await sluice([...create, "--threshold", "0.7", "--enrols"]);
    expect(made.stdout).toMatch(/^ss_\S+\n$/);
    expect(made.stderr).toMatch(KEEP_IT);
    const [, sitekey = ""] = /sitekey (site_\S+)/.exec(made.stderr) ?? [];
    const shown = jsonOf(await sluice(["site", "show", sitekey, "--json"]));
    const decided = {
      name: "shop",
      hostnames: ["shop.example", "*.a.example"],
      mode: "managed",
      threshold: 0.7,
      policy: { difficulty: "normal", enrols: true },
    };
    expect(shown).toMatchObject(decided);
    const argv = ["site", "update", sitekey, "--difficulty", "high", "--mode", "slider", "--json"];
    expect(jsonOf(await sluice(argv))).toMatchObject({
      ...decided,
      mode: "slider",
      policy: { difficulty: "high", enrols: true },
    });
    expect((await sluice(["site", "show", sitekey])).stdout).toMatch(/difficulty +high\n/);
    expect((await sluice(["site", "list"])).stdout).toContain(sitekey);
  });

  test("has tracks kept, prints and erases them, and ends that", async () => {
    const { sitekey } = jsonOf(await sluice([...create, "--record", "human", "--json"]));
    const shown = await sluice(["site", "show", sitekey]);
    expect(shown.stdout).toMatch(/keeps tracks +10% as human, for 30 days\n/);
    const longer = await sluice(["site", "update", sitekey, "--record-days", "60", "--json"]);
    expect(jsonOf(longer).recording).toMatchObject({ label: "human", days: 60 });
    for (const command of ["tracks", "erase-tracks"]) {
      const ran = await sluice(["site", command, sitekey]);
      expect(ran).toMatchObject({ exitCode: 0, stdout: "" });
    }
    const ended = await sluice(["site", "update", sitekey, "--no-record", "--json"]);
    expect(jsonOf(ended).recording).toBeNull();
  });

  test("replaces its secret, and deletes it", async () => {
    const { sitekey, secret } = jsonOf(await sluice([...create, "--json"]));
    const rotated = jsonOf(await sluice(["site", "rotate", sitekey, "--json"]));
    expect(rotated.sitekey).toBe(sitekey);
    expect(rotated.secret).not.toBe(secret);
    expect(rotated.oldSecretUntil).toMatch(/^2\d{3}-/);
    expect((await sluice(["site", "delete", sitekey])).exitCode).toBe(0);
    expect((await sluice(["site", "show", sitekey])).exitCode).toBe(4);
  });

  test.each([
    ["no hostname", ["create", "shop"], "give --hostname"],
    ["a mode that there is not", ["create", "shop", "--mode", "captcha"], "Allowed choices"],
    ["a threshold over 1", ["update", "site_x", "--threshold", "1.5"], "from 0 to 1"],
  ])("ends with 2 with %s", async (_what, argv, reason) => {
    const { exitCode, stderr } = await sluice(["site", ...argv]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(reason);
  });
});

describe("sluice enrol", () => {
  test.each([[["enrol", "create"]], [["enrol-token"]]])("%j mints a token", async (command) => {
    const limits = ["--uses", "2", "--expires", "60", "--gives", "env=prod"];
    const { exitCode, stdout, stderr } = await sluice([...command, ...limits]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^et_\S+\n$/),
    });
    expect(stderr).toMatch(KEEP_IT);
    const tokens = itemsOf(await sluice(["enrol", "list", "--json"]));
    expect(tokens.at(-1)).toMatchObject({ uses: 2, labels: ["env=prod"] });
  });

  test("deletes a token, which is then out of the list", async () => {
    const { id } = jsonOf(await sluice(["enrol", "create", "--json"]));
    expect((await sluice(["enrol", "delete", id])).exitCode).toBe(0);
    const ids = itemsOf(await sluice(["enrol", "list", "--json"])).map((token) => token.id);
    expect(ids).not.toContain(id);
  });
});

test("sluice rotate gives a client a new token, with which it connects", async () => {
  const { clientId, token } = await running.operator.enrol("rotated");
  const rotated = jsonOf(await sluice(["rotate", clientId, "--overlap", "60", "--json"]));
  expect(rotated).toMatchObject({ clientId, token: expect.stringMatching(/^ct_/) });
  expect(rotated.token).not.toBe(token);
  expect(rotated.oldTokenUntil).toMatch(/^2\d{3}-/);
  const { url } = running.service;
  const socket = await RawClient.connect({ url, token: rotated.token });
  await socket.close();
});

test("sluice audit names who changed what, newest first, and no values", async () => {
  const { id, key } = jsonOf(await sluice(["key", "create", "--label", "audited", "--json"]));
  await sluice(["key", "delete", id]);
  const lines = await sluice(["audit", "--limit", "2", "--json"]);
  expect(itemsOf(lines)).toMatchObject([
    { action: "deleted", target: { kind: "operator", id } },
    { action: "created", target: { kind: "operator", id } },
  ]);
  expect(lines.stdout).not.toContain(key);
  expect((await sluice(["audit"])).stdout).toMatch(/^AT +BY +ACTION +WHAT +ID +FIELDS\n/);
});
