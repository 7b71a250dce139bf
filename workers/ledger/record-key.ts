import type { AttemptId, Durability, RecordKey } from "../../durable-objects/ledger/rpc.ts";

/** What can be used once. */
export type Purpose = "challenge" | "pass" | "track";

/**
 * A pass is to be redeemed once whatever happens. A challenge or a track that is forgotten costs little: the
 * pass of a challenge has its name and is redeemed once anyway.
 */
const DURABILITY: Readonly<Record<Purpose, Durability>> = {
  challenge: "soon",
  pass: "durable",
  track: "soon",
};

/** Names are hashes or random ids in the URL's alphabet: of a stored size and free of anybody's text. */
const NAME = /^[A-Za-z0-9_-]{16,96}$/;

/** The ledger's key of something that is used once. Throws a RangeError on a name that is no hash or id. */
export function recordKey(purpose: Purpose, name: string): RecordKey {
  return `${purpose}:${checkedName(name)}` as RecordKey;
}

/** When a claim of a key has to be written. */
export function durabilityOf(key: RecordKey): Durability {
  return DURABILITY[key.slice(0, key.indexOf(":")) as Purpose];
}

/** What a key is placed on the ring by: a challenge and its pass have one name and share shards and rows. */
export function nameOf(key: RecordKey): string {
  return key.slice(key.indexOf(":") + 1);
}

/**
 * The id of an attempt, from something random or, so that repeated calls get the same answer, from the hash
 * of an idempotency key. Throws a RangeError on anything else.
 */
export function attemptId(name: string): AttemptId {
  return checkedName(name) as AttemptId;
}

function checkedName(name: string): string {
  if (!NAME.test(name)) throw new RangeError("not a hash or an id");
  return name;
}
