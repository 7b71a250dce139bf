import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RuntimeLogLine, Service } from "../../scripts/service.ts";
import { startService } from "../../scripts/service.ts";
import { hashKey } from "../../workers/keys/index.ts";
import { operatorKey } from "../builders/keys.ts";
import { ADMIN_SECRET, KEY_RING } from "../builders/secrets.ts";
import { RawClient } from "./raw-client.ts";
import { NO_LIMITS } from "./running.ts";

/** Every secret of ours begins like this. */
const SECRET = /\b(?:sk|et|ct|ss)_[\w-]{60}/g;

let service: Service;
let folder: string;
let firstKey: string;
const logged: RuntimeLogLine[] = [];
/** Everything that the service answered: its headers and its body. */
const answers: string[] = [];

async function call(key: string | null, method: string, path: string, body?: unknown) {
  const headers = new Headers({ "content-type": "application/json" });
  if (key !== null) headers.set("authorization", `Bearer ${key}`);
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(service.url + path, { method, headers, ...sent });
  const text = await response.text();
  answers.push(JSON.stringify([...response.headers]) + text);
  return text === "" ? null : JSON.parse(text);
}

/** Makes a secret of every kind, replaces what can be replaced, and uses them all. */
async function useEverything(): Promise<void> {
  const account = await call(ADMIN_SECRET, "POST", "/v1/accounts", { name: "second" });
  const owner = account.operatorKey.key;
  const path = `/v1/accounts/${account.account.id}`;
  await call(ADMIN_SECRET, "POST", `${path}/keys`, {});
  await call(ADMIN_SECRET, "PATCH", path, { name: "renamed" });
  const key = await call(owner, "POST", "/v1/keys", { label: "ci" });
  await call(owner, "POST", `/v1/keys/${key.id}/rotate`, {});
  const site = await call(owner, "POST", "/v1/sites", { name: "s", hostnames: ["a.example"] });
  await call(owner, "POST", `/v1/sites/${site.sitekey}/rotate`, {});
  const { token } = await call(owner, "POST", "/v1/enrolment-tokens", { uses: 2, labels: ["eu"] });
  const client = await call(null, "POST", "/v1/enrol", { token, name: "machine" });
  await call(owner, "POST", `/v1/clients/${client.clientId}/tasks`, { tasks: [{ kind: "noop" }] });
  const socket = await RawClient.connect({ url: service.url, token: client.token });
  const rotated = await call(owner, "POST", `/v1/clients/${client.clientId}/rotate`, {});
  await socket.close();
  const again = await RawClient.connect({ url: service.url, token: rotated.token });
  await again.close();
  for (const list of ["keys", "sites", "enrolment-tokens", "audit"]) {
    await call(owner, "GET", `/v1/${list}`);
  }
  await call(owner, "GET", `/v1/clients/${client.clientId}`);
  await misplace([owner, key.key, site.secret, token, client.token, ADMIN_SECRET]);
}

/** Sends secrets where they do not belong, as people do. */
async function misplace(secrets: readonly string[]): Promise<void> {
  for (const secret of secrets) {
    await call(secret, "GET", `/v1/clients/${secret}?cursor=${secret}&limit=${secret}`);
    await call(firstKey, "GET", `/v1/sites/${secret}`);
    await call(firstKey, "POST", "/v1/keys", { label: 7, role: secret });
    await call(secret, "POST", "/v1/enrol", { token: secret, name: "", labels: [secret] });
    await call(firstKey, "GET", `/v1/${secret}`);
  }
}

/** The contents of every file in a folder, byte for byte. */
async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")));
}

let secrets: string[];
let stored: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-secrets-"));
  service = await startService({
    keyRing: KEY_RING,
    adminSecret: ADMIN_SECRET,
    rateLimits: NO_LIMITS,
    persistTo: folder,
    onLog: (line) => logged.push(line),
  });
  firstKey = await operatorKey(service.url);
  await useEverything();
  await service.stop();
  const shown = answers.join("\n").match(SECRET) ?? [];
  secrets = [...new Set(shown), firstKey];
  stored = await filesIn(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a secret that the service has made", () => {
  test("is of every kind here", () => {
    const kinds = secrets.map((secret) => secret.slice(0, 3)).toSorted();
    expect(kinds.join()).toBe("ct_,ct_,et_,sk_,sk_,sk_,sk_,sk_,ss_,ss_");
  });

  test("is in the one answer that made it", () => {
    for (const secret of secrets.filter((each) => each !== firstKey)) {
      expect(answers.filter((answer) => answer.includes(secret))).toHaveLength(1);
    }
    expect(answers.filter((answer) => answer.includes(ADMIN_SECRET))).toEqual([]);
    expect(answers.filter((answer) => answer.includes(firstKey))).toEqual([]);
  });

  test("is stored nowhere: not in a row, not in KV, not in what was deleted", async () => {
    for (const secret of [...secrets, ADMIN_SECRET, KEY_RING]) {
      expect(stored.some((contents) => contents.includes(secret))).toBe(false);
    }
  });

  test("is stored by its hash, where this looks", async () => {
    for (const secret of secrets) {
      const hash = hashKey(secret);
      expect(stored.some((contents) => contents.includes(hash))).toBe(true);
    }
  });

  test("is in no line of the log", () => {
    const log = logged.map(({ message }) => message).join("\n");
    for (const secret of [...secrets, ADMIN_SECRET, KEY_RING]) expect(log).not.toContain(secret);
  });
});
