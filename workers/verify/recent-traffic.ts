/** After so long an event counts half, after twice as long a quarter. */
export const HALF_LIFE_MS = 60_000;
/** Networks and sites remembered at a time, some 3 MB; what was quiet longest is forgotten first. */
const MAX_COUNTS = 20_000;
/** Against a challenge that was asked for, which counts one: a failure is what a script is known by. */
const FAILURE_WEIGHT = 4;
/** What one network may ask for within about a minute before it has to work more: a small office. */
export const NETWORK_ALLOWANCE = 20;
export const MAX_NETWORK_PRESSURE = 16;
/** Failures on a site within about a minute that say nothing yet. */
export const SITE_ALLOWANCE = 50;
export const MAX_SITE_PRESSURE = 4;

/** How many times the usual work is asked for, from 1, and because of whom. */
export interface Pressure {
  readonly network: number;
  readonly site: number;
}

interface Count {
  value: number;
  atMs: number;
}

/**
 * What networks and sites have seen lately: counts that decay. In this isolate's memory alone, bounded, and
 * lost with it, so that issuing a challenge writes nothing; it sets a price and never says no. Time is
 * passed in.
 */
export class RecentTraffic {
  readonly #counts = new Map<string, Count>();
  readonly #maxCounts: number;

  constructor(maxCounts: number = MAX_COUNTS) {
    this.#maxCounts = maxCounts;
  }

  /** A challenge was asked for. `network` is null where the caller's address is not known. */
  noteChallenge(network: string | null, now: number): void {
    this.#add(networkKey(network), 1, now);
  }

  /** A solution was refused or doubted, whatever it had cost its sender. */
  noteFailure(network: string | null, now: number): void {
    this.#add(networkKey(network), FAILURE_WEIGHT, now);
  }

  /**
   * As {@link noteFailure}, of a solution whose work was done: only such count against the site, or anyone
   * could make it harder for its visitors at no price.
   */
  noteWorkedFailure(network: string | null, siteId: string, now: number): void {
    this.noteFailure(network, now);
    this.#add(failuresKey(siteId), 1, now);
  }

  notePass(siteId: string, now: number): void {
    this.#add(passesKey(siteId), 1, now);
  }

  /**
   * What a network has to work more, by what came from it; and a site's visitors, by failures there that are
   * many and more than the passes. A site that is merely popular is asked no more.
   */
  pressureOn(network: string | null, siteId: string, now: number): Pressure {
    const asked = this.#countOf(networkKey(network), now);
    const failures = this.#countOf(failuresKey(siteId), now);
    const usual = Math.max(SITE_ALLOWANCE, this.#countOf(passesKey(siteId), now));
    return {
      network: clamp(asked / NETWORK_ALLOWANCE, MAX_NETWORK_PRESSURE),
      site: clamp(failures / usual, MAX_SITE_PRESSURE),
    };
  }

  #add(key: string | null, weight: number, now: number): void {
    if (key === null) return;
    const value = this.#countOf(key, now) + weight;
    if (!this.#counts.delete(key)) this.#makeRoom();
    this.#counts.set(key, { value, atMs: now });
  }

  #countOf(key: string | null, now: number): number {
    const count = key === null ? undefined : this.#counts.get(key);
    if (count === undefined) return 0;
    return count.value * 2 ** (-Math.max(0, now - count.atMs) / HALF_LIFE_MS);
  }

  #makeRoom(): void {
    const [quietest] = this.#counts.keys();
    if (quietest !== undefined && this.#counts.size >= this.#maxCounts) {
      this.#counts.delete(quietest);
    }
  }
}

function networkKey(network: string | null): string | null {
  return network === null ? null : `network ${network}`;
}

function failuresKey(siteId: string): string {
  return `failures ${siteId}`;
}

function passesKey(siteId: string): string {
  return `passes ${siteId}`;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(1, value));
}
