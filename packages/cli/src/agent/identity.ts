import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorCode } from "../collectors/errors.ts";

const IDENTITY_FILE = "identity.json";
const JOURNAL_FILE = "journal";
/** Only the agent's own user may read its token, or list what it keeps. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

/** Who this machine is to which service. */
export interface Identity {
  readonly url: string;
  readonly clientId: string;
  readonly token: string;
}

/** Where the journal of the agent with this state directory is. */
export function journalPath(stateDirectory: string): string {
  return join(stateDirectory, JOURNAL_FILE);
}

/** Makes the state directory if need be, and closes it to other users. */
export async function prepareState(stateDirectory: string): Promise<void> {
  await mkdir(stateDirectory, { recursive: true, mode: DIRECTORY_MODE });
  await chmod(stateDirectory, DIRECTORY_MODE);
}

/** Reads the identity that enrolment left; null before the first. Throws when it is damaged. */
export async function loadIdentity(stateDirectory: string): Promise<Identity | null> {
  const path = join(stateDirectory, IDENTITY_FILE);
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  const identity = parseIdentity(text);
  if (identity === null) throw new Error(`${path} is damaged; remove it to enrol again`);
  return identity;
}

/** Stores an identity, whole or not at all, readable by the agent's user alone. */
export async function saveIdentity(stateDirectory: string, identity: Identity): Promise<void> {
  const path = join(stateDirectory, IDENTITY_FILE);
  const unfinished = `${path}.new`;
  await writeFile(unfinished, `${JSON.stringify(identity)}\n`, { mode: FILE_MODE, flush: true });
  // An earlier file of this name may have had another mode.
  await chmod(unfinished, FILE_MODE);
  await rename(unfinished, path);
}

function parseIdentity(text: string): Identity | null {
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== "object" || found === null) return null;
    const { url, clientId, token } = found as Record<string, unknown>;
    const whole =
      typeof url === "string" && typeof clientId === "string" && typeof token === "string";
    return whole ? { url, clientId, token } : null;
  } catch {
    return null; // not JSON
  }
}
