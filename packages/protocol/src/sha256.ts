/** SHA-256 (FIPS 180-4): the first 32 bits of the fractional parts of the roots of the first primes. */
const PRIMES = firstPrimes(64);
const ROUND_CONSTANTS = Int32Array.from(PRIMES, (prime) => fraction(Math.cbrt(prime)));
const INITIAL_STATE = Int32Array.from(PRIMES.slice(0, 8), (prime) => fraction(Math.sqrt(prime)));

const BLOCK_BYTES = 64;
const STATE_BYTES = 32;
const ROUNDS = 64;
const LENGTH_BYTES = 8;

/** The eight words of a hash under way. */
export type Sha256State = Int32Array;

/** Used again for every block: the functions are synchronous, and a search calls them millions of times. */
const schedule = new Int32Array(ROUNDS);
const words = new Int32Array(BLOCK_BYTES / 4);

/** A state from which nothing was hashed yet. */
export function initialSha256State(): Sha256State {
  return INITIAL_STATE.slice();
}

/** Hashes one block of sixteen words into the state. */
export function compressSha256(state: Sha256State, block: Int32Array): void {
  const w = schedule;
  for (let t = 0; t < 16; t += 1) w[t] = at(block, t);
  for (let t = 16; t < ROUNDS; t += 1) {
    const x = at(w, t - 15);
    const y = at(w, t - 2);
    const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (at(w, t - 16) + small0 + at(w, t - 7) + small1) | 0;
  }
  let a = at(state, 0);
  let b = at(state, 1);
  let c = at(state, 2);
  let d = at(state, 3);
  let e = at(state, 4);
  let f = at(state, 5);
  let g = at(state, 6);
  let h = at(state, 7);
  for (let t = 0; t < ROUNDS; t += 1) {
    const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = g ^ (e & (f ^ g));
    const first = (h + big1 + choice + at(ROUND_CONSTANTS, t) + at(w, t)) | 0;
    const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) | (c & (a | b));
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + big0 + majority) | 0;
  }
  add(state, 0, a);
  add(state, 1, b);
  add(state, 2, c);
  add(state, 3, d);
  add(state, 4, e);
  add(state, 5, f);
  add(state, 6, g);
  add(state, 7, h);
}

/**
 * The SHA-256 of some bytes, at once: WebCrypto answers by a promise, which costs more than the hash of a
 * short text. `from` is a state into which `before` bytes (a multiple of 64) were hashed already.
 */
export function sha256(
  bytes: Uint8Array,
  from: Sha256State = INITIAL_STATE,
  before = 0,
): Uint8Array<ArrayBuffer> {
  const state = from.slice();
  const whole = bytes.length - (bytes.length % BLOCK_BYTES);
  for (let start = 0; start < whole; start += BLOCK_BYTES) compressBytes(state, bytes, start);
  const end = endOf(bytes.subarray(whole), before + bytes.length);
  for (let start = 0; start < end.length; start += BLOCK_BYTES) compressBytes(state, end, start);
  return sha256StateBytes(state);
}

/** A state as its 32 bytes, most significant first: after the last block they are the hash. */
export function sha256StateBytes(state: Sha256State): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(STATE_BYTES);
  for (let index = 0; index < STATE_BYTES; index += 1) {
    bytes[index] = at(state, index >> 2) >>> (24 - 8 * (index & 3));
  }
  return bytes;
}

function compressBytes(state: Sha256State, bytes: Uint8Array, start: number): void {
  for (let word = 0; word < 16; word += 1) {
    const byte = start + 4 * word;
    words[word] =
      (at(bytes, byte) << 24) |
      (at(bytes, byte + 1) << 16) |
      (at(bytes, byte + 2) << 8) |
      at(bytes, byte + 3);
  }
  compressSha256(state, words);
}

/** What follows the last whole block: the rest, a one bit, zeros, and how many bits there were (section 5.1.1). */
function endOf(rest: Uint8Array, length: number): Uint8Array {
  const blocks = rest.length + 1 + LENGTH_BYTES > BLOCK_BYTES ? 2 : 1;
  const end = new Uint8Array(blocks * BLOCK_BYTES);
  end.set(rest);
  end[rest.length] = 0x80;
  let bits = length * 8;
  for (let index = end.length - 1; bits > 0; index -= 1) {
    end[index] = bits % 256;
    bits = Math.floor(bits / 256);
  }
  return end;
}

function at(numbers: Int32Array | Uint8Array, index: number): number {
  return numbers[index] as number;
}

function add(state: Sha256State, index: number, value: number): void {
  state[index] = (at(state, index) + value) | 0;
}

function fraction(value: number): number {
  return ((value - Math.floor(value)) * 2 ** 32) | 0;
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < count; candidate += 1) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  return primes;
}
