import { compressSha256, initialSha256State } from "../sha256.ts";

/** Bytes of a seed. */
export const SEED_BYTES = 16;
const SEED_WORDS = SEED_BYTES / 4;
/** Where puzzle and nonce stand in the block, in words: behind the seed. */
const PUZZLE_AT = SEED_WORDS;
const NONCE_AT = SEED_WORDS + 1;
const MESSAGE_BITS = (SEED_BYTES + 8) * 8;
const NONCES = 2 ** 32;

/**
 * The hashes of one seed: seed, puzzle and nonce are one block of SHA-256, so a try is one compression.
 * A proof of work as Hashcash has it (Back, 2002), in several small puzzles instead of one.
 */
export class PowBlock {
  readonly #block = new Int32Array(16);
  readonly #initial = initialSha256State();
  readonly #state = initialSha256State();

  /** `seed` is {@link SEED_BYTES} long. */
  constructor(seed: Uint8Array) {
    const view = new DataView(seed.buffer, seed.byteOffset, SEED_BYTES);
    for (let word = 0; word < SEED_WORDS; word += 1) this.#block[word] = view.getInt32(word * 4);
    this.#block[NONCE_AT + 1] = 0x80 << 24;
    this.#block[15] = MESSAGE_BITS;
  }

  /** How many zero bits the hash of this puzzle with this nonce begins with, at most 32. */
  zeroBits(puzzle: number, nonce: number): number {
    this.#block[PUZZLE_AT] = puzzle | 0;
    this.#block[NONCE_AT] = nonce | 0;
    this.#state.set(this.#initial);
    compressSha256(this.#state, this.#block);
    return Math.clz32(this.#state[0] ?? 0);
  }

  /** The first nonce from `from` that solves a puzzle, looking at `tries` of them; null when none does. */
  search(puzzle: number, bits: number, from: number, tries: number): number | null {
    const end = Math.min(from + tries, NONCES);
    for (let nonce = from; nonce < end; nonce += 1) {
      if (this.zeroBits(puzzle, nonce) >= bits) return nonce;
    }
    return null;
  }
}

/** Whether every puzzle is solved. Takes one compression a puzzle, a few microseconds in all. */
export function isProofOfWork(
  seed: Uint8Array,
  puzzles: number,
  bits: number,
  nonces: readonly number[],
): boolean {
  if (nonces.length !== puzzles || seed.length !== SEED_BYTES) return false;
  const block = new PowBlock(seed);
  return nonces.every((nonce, puzzle) => block.zeroBits(puzzle, nonce) >= bits);
}

/** Solves all puzzles at once, without a pause: for programs and tests; a page must not stand still. */
export function solveProofOfWork(seed: Uint8Array, puzzles: number, bits: number): number[] {
  const block = new PowBlock(seed);
  return Array.from({ length: puzzles }, (_, puzzle) => {
    const nonce = block.search(puzzle, bits, 0, NONCES);
    if (nonce === null) throw new RangeError("no nonce solves this puzzle");
    return nonce;
  });
}
