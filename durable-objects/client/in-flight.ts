import type { TaskRecord } from "./record.ts";

/** Tasks of one batch that was sent and is not acknowledged. */
export interface InFlightBatch {
  readonly epoch: number;
  readonly seq: number;
  /** ms. */
  readonly sentAt: number;
  readonly ordinals: ReadonlySet<number>;
}

interface OpenBatch extends InFlightBatch {
  readonly ordinals: Set<number>;
}

/** What a leased record says of its batch. */
type Lease = Pick<TaskRecord, "epoch" | "seq" | "sentAt">;

/** The batches that were sent and are not acknowledged, by connection and sequence number. */
export class InFlight {
  readonly #batches = new Map<string, OpenBatch>();
  /** The one that was changed last: the tasks of a frame change together. */
  #last: OpenBatch | null = null;

  /** The batches as they are now, so that they may change on the way. */
  batches(): readonly InFlightBatch[] {
    return [...this.#batches.values()];
  }

  add(ordinal: number, lease: Lease): void {
    this.#batchOf(lease).ordinals.add(ordinal);
  }

  /** A batch without tasks is gone. */
  remove(ordinal: number, lease: Lease): void {
    const { ordinals } = this.#batchOf(lease);
    ordinals.delete(ordinal);
    if (ordinals.size > 0) return;
    this.#batches.delete(keyOf(lease));
    this.#last = null;
  }

  #batchOf(lease: Lease): OpenBatch {
    const { epoch, seq, sentAt } = lease;
    if (this.#last?.seq === seq && this.#last.epoch === epoch) return this.#last;
    let batch = this.#batches.get(keyOf(lease));
    if (batch === undefined) {
      batch = { epoch, seq, sentAt: sentAt ?? 0, ordinals: new Set() };
      this.#batches.set(keyOf(lease), batch);
    }
    this.#last = batch;
    return batch;
  }
}

function keyOf({ epoch, seq }: Lease): string {
  return `${epoch}/${seq}`;
}
