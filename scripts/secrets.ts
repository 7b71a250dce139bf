import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { generateKeyRing, mintOperatorKey, parseKeyRing } from "../workers/keys/index.ts";

/** Only the user who started the service may read its secrets. */
const OWNER_ONLY = 0o600;

const FIELDS = ["keyRing", "adminSecret", "operatorKey"] as const;

/** What a service on this machine keeps to itself from one start to the next. */
export type LocalSecrets = Readonly<Record<(typeof FIELDS)[number], string>>;

/**
 * Reads the secrets at `path`, or makes them on the first run. Throws when the file is there and
 * cannot be read as secrets: new ones would lock out every client that was enrolled with them.
 */
export async function loadSecrets(path: string): Promise<LocalSecrets> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  return text === null ? createSecrets(path) : parseSecrets(path, text);
}

async function createSecrets(path: string): Promise<LocalSecrets> {
  const keyRing = generateKeyRing();
  const ring = await parseKeyRing(keyRing);
  if (!ring.ok) throw new Error("the new key ring is malformed");
  const adminSecret = randomBytes(32).toString("base64url");
  const secrets = { keyRing, adminSecret, operatorKey: await mintOperatorKey(ring.value) };
  await mkdir(dirname(path), { recursive: true });
  const text = `${JSON.stringify(secrets, null, 2)}\n`;
  await writeFile(path, text, { mode: OWNER_ONLY, flag: "wx" });
  return secrets;
}

function parseSecrets(path: string, text: string): LocalSecrets {
  try {
    const { keyRing, adminSecret, operatorKey }: Partial<LocalSecrets> = JSON.parse(text);
    if (keyRing && adminSecret && operatorKey) return { keyRing, adminSecret, operatorKey };
  } catch {
    // Falls through: the parser's message would quote the file, which holds secrets.
  }
  throw new Error(`${path} does not hold ${FIELDS.join(", ")}; move it away to start anew`);
}
