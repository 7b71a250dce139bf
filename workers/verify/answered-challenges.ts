/** Challenges remembered at a time, some 2 MB; the one answered first is forgotten first. */
const MAX_CHALLENGES = 20_000;

/**
 * The challenges that this isolate has answered a solution of. The ledger lets one solution of a challenge be
 * judged, and lets it be judged again because its sender may not know what came of it; whoever was answered
 * here knows. So an answer cannot be asked for over and over at the price of one proof of work. Bounded, and
 * lost with the isolate: what is forgotten here the ledger still holds to its one solution.
 */
export class AnsweredChallenges {
  readonly #ids = new Set<string>();
  readonly #maxChallenges: number;

  constructor(maxChallenges: number = MAX_CHALLENGES) {
    this.#maxChallenges = maxChallenges;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Notes that a challenge is answered; false when it was before. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    const [first] = this.#ids;
    if (first !== undefined && this.#ids.size > this.#maxChallenges) this.#ids.delete(first);
    return true;
  }
}
