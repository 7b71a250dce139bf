import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { generateKeyRing } from "../workers/keys/index.ts";

/** Only the user who started the service may read its secrets. */
const OWNER_ONLY = 0o600;

const FIELDS = ["keyRing", "adminSecret"] as const;

/** What a service on this machine keeps to itself from one start to the next. */
export interface LocalSecrets {
  readonly keyRing: string;
  readonly adminSecret: string;
  /** A key of its first account; null until the service has run and made one. */
  readonly operatorKey: string | null;
}

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

/** Puts secrets in place of those at `path`, whole or not at all. */
export async function saveSecrets(path: string, secrets: LocalSecrets): Promise<void> {
  const written = `${path}.new`;
  await writeFile(written, format(secrets), { mode: OWNER_ONLY });
  await rename(written, path);
}

async function createSecrets(path: string): Promise<LocalSecrets> {
  const adminSecret = randomBytes(32).toString("base64url");
  const secrets = { keyRing: generateKeyRing(), adminSecret, operatorKey: null };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, format(secrets), { mode: OWNER_ONLY, flag: "wx" });
  return secrets;
}

function format(secrets: LocalSecrets): string {
  return `${JSON.stringify(secrets, null, 2)}\n`;
}

function parseSecrets(path: string, text: string): LocalSecrets {
  try {
    const { keyRing, adminSecret, operatorKey }: Partial<LocalSecrets> = JSON.parse(text);
    if (keyRing && adminSecret) return { keyRing, adminSecret, operatorKey: operatorKey ?? null };
  } catch {
    // Falls through: the parser's message would quote the file, which holds secrets.
  }
  throw new Error(`${path} does not hold ${FIELDS.join(" and ")}; move it away to start anew`);
}
