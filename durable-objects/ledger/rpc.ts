/** Name of a shard's object. */
export type ShardName = string & { readonly __brand: "ShardName" };

/** What is used once: a purpose and an opaque, unguessable name, e.g. `pass:<hash>`. */
export type RecordKey = string & { readonly __brand: "RecordKey" };

/** One try to use a key. Calls that must get the same answer carry the same id. */
export type AttemptId = string & { readonly __brand: "AttemptId" };

/**
 * For how long a shard remembers a key, and for how long two rings are asked after a change. Twice the
 * life of a pass: what is left is for clocks that differ and for a configuration to spread.
 */
export const RECORD_LIFETIME_MS = 600_000;

/**
 * Time between two commits of a busy shard. What arrives in between shares one row; a shard that was idle
 * for as long commits at once. It adds at most this much to an answer, which is little beside the way to a shard;
 * a commit costs more than the rest of a redemption.
 */
export const COMMIT_GAP_MS = 20;

/**
 * When a claim is written: `durable`, before it is answered; `soon`, after it, with the shard's next commit or
 * after {@link SOON_MS}. What was to be written soon is forgotten by a shard that is restarted meanwhile.
 */
export type Durability = "durable" | "soon";

/** What a shard holds of a key. */
export interface Held {
  readonly attempt: AttemptId;
  /** Decided for this attempt by one shard while the other was silent: never replaced. */
  readonly solo: boolean;
  /** Milliseconds, when the key was claimed. */
  readonly claimedAt: number;
  /**
   * Milliseconds: what was claimed before then this shard may have forgotten. 0 for a durable claim, which no
   * shard forgets.
   */
  readonly remembersFrom: number;
}

/** An attempt at a key. */
export interface Claim {
  readonly key: RecordKey;
  readonly attempt: AttemptId;
}

/** Whose movements are compared with each other: those at one site, or all that are roughly alike. */
export type TrackGroup = string & { readonly __brand: "TrackGroup" };

/** What a replay keeps of a movement: x and y in pixels and t in ms from the first point, one after the other. */
export type TrackSketch = readonly number[];

/** A record that a partner missed. */
export interface HandedRecord {
  readonly key: RecordKey;
  readonly attempt: AttemptId;
  /** Milliseconds; the record ends here on both shards. */
  readonly expiresAt: number;
}

/** What a shard has cost since it was last started, for benchmarks and the cost page. */
export interface LedgerUsage {
  readonly rowsWritten: number;
  readonly alarmsSet: number;
  /** Records that came into being here, handed ones included. */
  readonly recordsMade: number;
}

/**
 * Calls to one shard. Every answer but that of a claim "soon" waits until what it says is committed; every
 * call can be repeated.
 */
export interface LedgerRpc {
  /** Keeps each attempt that is the first for its key; answers, in order, with those that are kept. */
  claim(claims: readonly Claim[], durability: Durability): Promise<readonly Held[]>;
  /**
   * Marks the attempt as decided by this shard alone, if it holds it, and owes the record to `partner`,
   * which was silent.
   */
  markSolo(key: RecordKey, attempt: AttemptId, partner: ShardName): Promise<Held>;
  /** Takes over what the owner holds in place of another attempt, unless that one is solo. */
  settle(key: RecordKey, attempt: AttemptId): Promise<Held>;
  /** Takes solo records that this shard missed. Answering is taking. */
  handOver(records: readonly HandedRecord[]): Promise<void>;
  /**
   * Whether a movement like this one was seen in one of the groups during the last record lifetime; remembers
   * it. Answers from memory, and stores soon: what a crash forgets is a movement, not a pass.
   */
  recallTrack(groups: readonly TrackGroup[], sketch: TrackSketch): Promise<boolean>;
  usage(): Promise<LedgerUsage>;
}

/** The shards by name. */
export interface LedgerNamespace {
  getByName(name: ShardName): LedgerRpc;
}
