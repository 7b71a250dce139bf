/** Movements of one site that are on their way to its recorder at a time; more are not kept. */
export const MAX_UNDER_WAY = 8;
/** For how long a recorder that took none, or was slow, is left alone, ms. */
export const PAUSE_MS = 10_000;
/** Sites that are looked after; movements of more are not kept. */
const MAX_SITES = 1_000;

interface Standing {
  readonly underWay: number;
  /** Nothing is offered before, ms. */
  readonly pausedUntil: number;
}

/**
 * What an isolate offers to recorders: little, and nothing for a while to one that is full, slow or gone. A
 * movement more or less is worth no load. Time is passed in.
 */
export class OfferGate {
  readonly #sites = new Map<string, Standing>();

  /** Whether a movement of this site may be offered now; then {@link leave} is called once for it. */
  enter(siteId: string, now: number): boolean {
    const { underWay, pausedUntil } = this.#sites.get(siteId) ?? { underWay: 0, pausedUntil: 0 };
    if (underWay >= MAX_UNDER_WAY || now < pausedUntil) return false;
    if (!this.#sites.has(siteId) && !this.#hasRoom(now)) return false;
    this.#sites.set(siteId, { underWay: underWay + 1, pausedUntil });
    return true;
  }

  /** The offer has ended; `taken`: the recorder may be offered more. */
  leave(siteId: string, taken: boolean, now: number): void {
    const before = this.#sites.get(siteId);
    const underWay = (before?.underWay ?? 1) - 1;
    const pausedUntil = taken ? (before?.pausedUntil ?? 0) : now + PAUSE_MS;
    if (underWay === 0 && pausedUntil <= now) this.#sites.delete(siteId);
    else this.#sites.set(siteId, { underWay, pausedUntil });
  }

  #hasRoom(now: number): boolean {
    if (this.#sites.size < MAX_SITES) return true;
    for (const [siteId, { underWay, pausedUntil }] of this.#sites) {
      if (underWay === 0 && pausedUntil <= now) this.#sites.delete(siteId);
    }
    return this.#sites.size < MAX_SITES;
  }
}
