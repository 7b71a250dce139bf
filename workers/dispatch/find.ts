import { type ClientId, MAX_ID_CHARACTERS, ok, type TaskId } from "@sluice/protocol";
import { type Outcome, refuse } from "../front/refusal.ts";
import { type KeyRing, verifyClientId } from "../keys/index.ts";

const ID = /^[\w-]+$/;

/** A client of this account, by arithmetic: a forged id, or one of another account, is not found. */
export function findClient(ring: KeyRing, account: Uint8Array, text: string): Outcome<ClientId> {
  const client = verifyClientId(ring, account, text);
  return client.ok ? client : refuse("not_found", "there is no such client");
}

/** A text that can be a task's id at all; whether there is such a task, its client's object knows. */
export function findTaskId(text: string): Outcome<TaskId> {
  const fits = text.length <= MAX_ID_CHARACTERS && ID.test(text);
  return fits ? ok(text as TaskId) : refuse("not_found", "there is no such task");
}
