import type { RecordKey, ShardName } from "../../durable-objects/ledger/rpc.ts";
import { nameOf } from "./record-key.ts";

/** Points of each shard on the ring: with fewer the shares differ more, with more a ring is slower to make. */
export const POINTS_PER_SHARD = 128;

/** Where a key's record is kept: the owner and, so that one of them may fail, the next shard on the ring. */
export interface Placement {
  readonly owner: ShardName;
  readonly successor: ShardName;
}

interface Point {
  readonly at: number;
  readonly shard: ShardName;
}

/** A consistent-hash ring: its points in order. */
export interface Ring {
  readonly points: readonly Point[];
}

/**
 * The ring of shards 0 to `shards` − 1, at least 2. A shard's points never depend on the others, so that one
 * shard more or less moves about 1/N of the keys (Karger et al., "Consistent hashing and random trees", 1997).
 */
export function buildRing(shards: number): Ring {
  if (!Number.isInteger(shards) || shards < 2)
    throw new RangeError("a ring has two shards or more");
  const points: Point[] = [];
  for (let index = 0; index < shards; index += 1) {
    const shard = shardName(index);
    for (let point = 0; point < POINTS_PER_SHARD; point += 1) {
      points.push({ at: hash32(`${shard}/${point}`), shard });
    }
  }
  return { points: points.sort((a, b) => a.at - b.at || a.shard.localeCompare(b.shard)) };
}

export function shardName(index: number): ShardName {
  return `ledger-${index}` as ShardName;
}

/** The shards of a key: those of the first point at or after the hash of its name, and of the next other shard. */
export function place(ring: Ring, key: RecordKey): Placement {
  const first = firstPointFrom(ring.points, hash32(nameOf(key)));
  const owner = shardAt(ring, first);
  for (let step = 1; step < ring.points.length; step += 1) {
    const successor = shardAt(ring, first + step);
    if (successor !== owner) return { owner, successor };
  }
  throw new RangeError("a ring has two shards or more");
}

function shardAt({ points }: Ring, index: number): ShardName {
  const point = points[index % points.length];
  if (point === undefined) throw new RangeError("a ring has points");
  return point.shard;
}

/** Index of the first point at or after a hash; past the last one, the number of points. */
function firstPointFrom(points: readonly Point[], hash: number): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((points[middle]?.at ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** FNV-1a (Fowler, Noll, Vo), mixed by the finaliser of MurmurHash3 so that near names fall far apart. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
