import { type ClientId, fail, ok, type Result } from "@sluice/protocol";
import type { Refusal } from "../client/rpc.ts";

/** For so long is it remembered what a client did: far longer than a call and its second try may take. */
export const REMEMBERED_MS = 120_000;

/** What is asked of the roster for a client; `undo` when its enrolment failed after it had come. */
export type RosterAsk = "come" | "undo" | "leave";
/** Where a client was put last. */
export type Whereabouts = "in" | "out";

/** What is kept when a client comes or goes. */
export interface RosterNote {
  readonly client: ClientId;
  readonly whereabouts: Whereabouts;
  /** By how much the count of clients changes. */
  readonly change: number;
  readonly now: number;
}

/** Where the count and the memory of recent comings and goings are kept. */
export interface RosterRows {
  clients(): number;
  /** Where a client was put last; null when that is not remembered. */
  whereabouts(client: ClientId): Whereabouts | null;
  /** Changes the count, never below zero, and remembers why: both or neither. */
  note(note: RosterNote): void;
  /** Forgets what is older than this, or leaves it for a later call. */
  forget(now: number, olderThanMs: number): void;
}

/**
 * By how much an ask changes the count of clients, given what is remembered of this one (null: nothing).
 * A client's id is minted for one enrolment, so it comes once and goes once: whatever is asked again, and a
 * coming that arrives after its own undoing, changes nothing. Only a leaving may be of a client that came
 * too long ago to be remembered.
 */
export function countChange(ask: RosterAsk, last: Whereabouts | null): -1 | 0 | 1 {
  switch (ask) {
    case "come":
      return last === null ? 1 : 0;
    case "undo":
      return last === "in" ? -1 : 0;
    case "leave":
      return last === "out" ? 0 : -1;
  }
}

/**
 * Counts an account's clients, exactly, in the account's own object. It holds a number and, for two minutes,
 * the ids of those that came or went, so that a call may be repeated; credentials are in the clients' objects.
 *
 * Every enrolment costs the account's object one call and three rows written: the count, the id, and the
 * id's removal later. All enrolments of an account therefore pass one object, one after the other; it bends
 * where enrolments come faster than one object answers. Beyond that, places would have to be granted to
 * several objects in blocks, and asked back near the limit.
 */
export class Roster {
  readonly #rows: RosterRows;

  constructor(rows: RosterRows) {
    this.#rows = rows;
  }

  /** Takes a place for a client; the same client takes only one. `quota_exceeded` when all `most` are taken. */
  come(client: ClientId, most: number, now: number): Result<null, Refusal> {
    const isNew = this.#rows.whereabouts(client) === null;
    if (isNew && this.#rows.clients() >= most) return fail(full(most));
    return this.#note("come", client, now);
  }

  /** Returns the place of a client whose enrolment failed; does nothing if it has none. */
  undo(client: ClientId, now: number): Result<null, Refusal> {
    return this.#note("undo", client, now);
  }

  /** Returns the place of a client that was removed. */
  leave(client: ClientId, now: number): Result<null, Refusal> {
    return this.#note("leave", client, now);
  }

  #note(ask: RosterAsk, client: ClientId, now: number): Result<null, Refusal> {
    const last = this.#rows.whereabouts(client);
    const change = countChange(ask, last);
    // An undoing that overtakes its coming is kept too: the coming then finds that it is over.
    if (change !== 0 || last === null) {
      const whereabouts = ask === "come" ? "in" : "out";
      this.#rows.note({ client, whereabouts, change, now });
    }
    this.#rows.forget(now, REMEMBERED_MS);
    return ok(null);
  }
}

function full(most: number): Refusal {
  const detail = `the account has all ${most} clients of its limit; remove one or raise the limit`;
  return { code: "quota_exceeded", detail };
}
