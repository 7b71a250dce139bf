import { FIRST_ACCOUNT, formatAccountId } from "../workers/keys/index.ts";
import { type LocalSecrets, saveSecrets } from "./secrets.ts";

/** Where a service is and what opens its administration. */
export interface AdminAccess {
  readonly url: string;
  readonly adminSecret: string;
}

const ACCOUNT = formatAccountId(FIRST_ACCOUNT);

/**
 * Opens the first account of a service, or finds it open already, and returns a new operator key of it with
 * the role admin. Safe to repeat: a call that was cut short leaves at most a key that nobody holds. Throws
 * when the service refuses.
 */
export async function openFirstAccount(
  access: AdminAccess,
  limits: Readonly<Record<string, number>> = {},
): Promise<string> {
  const opening = { id: ACCOUNT, name: "first account", limits };
  const opened = await post(access, "/v1/accounts", opening);
  if (opened.status === 201) return (await opened.json()).operatorKey.key;
  if (opened.status !== 409) throw new Error(`the first account was refused: ${opened.status}`);
  const issued = await post(access, `/v1/accounts/${ACCOUNT}/keys`, {});
  if (issued.status !== 201) throw new Error(`an operator key was refused: ${issued.status}`);
  return (await issued.json()).key;
}

/**
 * An operator key of the service that runs with these secrets: the one of its last start, or on the first
 * one, and where what was stored is gone, a new one, which is then kept at `path`.
 */
export async function operatorKeyOf(
  url: string,
  secrets: LocalSecrets,
  path: string,
): Promise<string> {
  const { adminSecret, operatorKey } = secrets;
  if (operatorKey !== null && (await isOperatorKey(url, operatorKey))) return operatorKey;
  const fresh = await openFirstAccount({ url, adminSecret });
  await saveSecrets(path, { ...secrets, operatorKey: fresh });
  return fresh;
}

/** Whether a service takes an operator key. Throws when it answers neither yes nor no. */
async function isOperatorKey(url: string, key: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${key}` };
  const { status } = await fetch(`${url}/v1/keys?limit=1`, { headers });
  if (status !== 200 && status !== 401) throw new Error(`the operator key got ${status}`);
  return status === 200;
}

function post({ url, adminSecret }: AdminAccess, path: string, body: unknown): Promise<Response> {
  const headers = { authorization: `Bearer ${adminSecret}`, "content-type": "application/json" };
  return fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
}
