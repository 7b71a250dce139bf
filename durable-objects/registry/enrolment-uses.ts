import { type ClientId, fail, ok, type Result } from "@sluice/protocol";
import type { Refusal } from "../client/rpc.ts";
import type { EnrolmentStorage } from "./enrolment-storage.ts";
import type { EnrolmentUse } from "./rpc.ts";

const USED_UP: Refusal = { code: "forbidden", detail: "the enrolment token is used up" };
const EXPIRED: Refusal = { code: "invalid_key", detail: "the enrolment token has expired" };

/** Counts the uses of one enrolment token, exactly and once for each client. */
export class EnrolmentUses {
  readonly #storage: EnrolmentStorage;

  constructor(storage: EnrolmentStorage) {
    this.#storage = storage;
  }

  take(
    { client, uses, expiresAtMs }: EnrolmentUse,
    now: number,
  ): Result<{ used: number }, Refusal> {
    if (now >= expiresAtMs) return fail(EXPIRED);
    this.#storage.migrate();
    const used = this.#storage.used();
    if (this.#storage.hasUse(client)) return ok({ used });
    if (used >= uses) return fail(USED_UP);
    this.#storage.addUse(client, now);
    return ok({ used: used + 1 });
  }

  giveBack(client: ClientId): Result<null, Refusal> {
    if (this.#storage.exists) this.#storage.dropUse(client);
    return ok(null);
  }
}
