/** Publications in flight at a time; an invocation may wait for six answers. */
const CONCURRENCY = 5;
/** A publication that has not come back by then is taken for failed, though it may still arrive. */
export const PUBLISH_TIMEOUT_MS = 10_000;

const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 5 * 60_000;
/** After this many failures in a row a row is parked: reported, and tried at the slowest pace. */
export const PARK_AFTER_ATTEMPTS = 10;

/** Something that changed and is not published yet. What to publish is looked up when its turn comes. */
export interface OutboxRow {
  readonly kind: string;
  readonly id: string;
  /** Version that was committed; a later commit overwrites the row. */
  readonly version: number;
  /** Failures in a row so far. */
  readonly attempts: number;
}

/** What a drain may do to the world. None of the synchronous ones may throw for a row it was given. */
export interface OutboxPorts {
  now(): number;
  /** In [0, 1): spreads the retries of many objects after one outage. */
  random(): number;
  /** Rows whose time has come, longest due first. */
  due(limit: number): readonly OutboxRow[];
  /** Publishes the newest value of the row's thing. */
  publish(row: OutboxRow): Promise<void>;
  /** The row is published: forget it, unless a newer version was committed meanwhile. */
  published(row: OutboxRow): void;
  /** The row failed: keep it for another try. */
  postpone(row: OutboxRow, attempts: number, untilMs: number): void;
  /** A publication that was given up on has ended after all, and may have overwritten a newer one. */
  landedLate(row: OutboxRow): void;
  /** Settles after `ms`, unless it is cancelled. */
  timer(ms: number): { readonly elapsed: Promise<void>; cancel(): void };
  /** The first failure and the parking of a row; the error's text is not to be logged. */
  report(event: "outbox.failed" | "outbox.parked", row: OutboxRow, error: unknown): void;
}

/** When to try again after the `attempts`-th failure in a row: doubling, capped, then half of it random. */
export function retryDelayMs(attempts: number, random: number): number {
  const delay = Math.min(FIRST_RETRY_MS * 2 ** Math.max(attempts - 1, 0), MAX_RETRY_MS);
  return Math.round(delay * (0.5 + random / 2));
}

/**
 * Publishes what is due, a few things at a time, each from one worker at most, so that one thing is never
 * published twice at once. A version that is committed while an older one is on its way stays in the outbox
 * and is due again. A row that fails or hangs waits by itself and holds up none.
 */
export class OutboxDrain {
  readonly #ports: OutboxPorts;
  readonly #inFlight = new Set<string>();

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  /**
   * Publishes until nothing is due that is not on its way already. Never rejects. May be called at any
   * time: it adds workers up to the bound, so that one that hangs does not keep a new row waiting.
   */
  async run(): Promise<void> {
    const free = CONCURRENCY - this.#inFlight.size;
    await Promise.all(Array.from({ length: free }, () => this.#work()));
  }

  /** Takes its first row before it waits for anything: `run` counts on that. */
  async #work(): Promise<void> {
    for (let row = this.#next(); row !== undefined; row = this.#next()) {
      const name = `${row.kind}/${row.id}`;
      this.#inFlight.add(name);
      await deliver(row, this.#ports);
      this.#inFlight.delete(name);
    }
  }

  #next(): OutboxRow | undefined {
    const rows = this.#ports.due(CONCURRENCY);
    return rows.find(({ kind, id }) => !this.#inFlight.has(`${kind}/${id}`));
  }
}

async function deliver(row: OutboxRow, ports: OutboxPorts): Promise<void> {
  try {
    await publishWithinTime(row, ports);
    ports.published(row);
  } catch (error) {
    const attempts = row.attempts + 1;
    ports.postpone(row, attempts, ports.now() + retryDelayMs(attempts, ports.random()));
    if (attempts === 1) ports.report("outbox.failed", row, error);
    if (attempts === PARK_AFTER_ATTEMPTS) ports.report("outbox.parked", row, error);
  }
}

/** Rejects when the time is up. What ends after that is not lost sight of: see `landedLate`. */
async function publishWithinTime(row: OutboxRow, ports: OutboxPorts): Promise<void> {
  const publication = ports.publish(row);
  const timer = ports.timer(PUBLISH_TIMEOUT_MS);
  const late = timer.elapsed.then(() => "late" as const);
  try {
    if ((await Promise.race([publication, late])) !== "late") return;
  } finally {
    timer.cancel();
  }
  const landed = () => ports.landedLate(row);
  void publication.then(landed, landed);
  throw new PublicationTimeout();
}

class PublicationTimeout extends Error {
  override readonly name = "PublicationTimeout";
}
