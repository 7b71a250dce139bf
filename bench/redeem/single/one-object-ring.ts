import type {
  AttemptId,
  Claim,
  Durability,
  Held,
  LedgerNamespace,
  ShardName,
} from "../../../durable-objects/ledger/rpc.ts";
import type { Hear } from "../../../workers/ledger/claim-post.ts";
import { LedgerRing } from "../../../workers/ledger/ledger-ring.ts";

/** The one object of the usual design. */
export interface OneNamespace {
  getByName(name: string): { use(key: string, attempt: string): Promise<string> };
}

/**
 * Stands in for the ring, so that the request around it stays the very same: one call to one object for each
 * redemption, whose answer counts for both shards.
 */
export class OneObjectRing extends LedgerRing {
  readonly #calls = new Map<AttemptId, Promise<string>>();
  readonly #objects: OneNamespace;

  constructor(shards: LedgerNamespace, objects: OneNamespace) {
    super(shards);
    this.#objects = objects;
  }

  override post(_shard: ShardName, _durability: Durability, claim: Claim, hear: Hear): void {
    void this.#use(claim).then(hear);
  }

  async #use({ key, attempt }: Claim): Promise<Held> {
    const shared = this.#calls.get(attempt);
    const call = shared ?? this.#objects.getByName("one").use(key, attempt);
    if (shared === undefined) this.#calls.set(attempt, call);
    const held = (await call) as AttemptId;
    this.#calls.delete(attempt);
    return { attempt: held, solo: false, claimedAt: 0, remembersFrom: 0 };
  }
}
