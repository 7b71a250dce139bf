import type { Track } from "@sluice/protocol";
import type { ShardName, TrackGroup } from "../../../durable-objects/ledger/rpc.ts";
import { withinTime } from "../../cache/within-time.ts";
import { askShard } from "../../ledger/ask-shard.ts";
import { type LedgerRing, recordKey } from "../../ledger/index.ts";
import { place } from "../../ledger/ring.ts";
import { paceGroups, siteGroup, sketchTrack } from "./sketch-track.ts";

/** A visitor waits, and the memory is one signal of several: a shard that takes longer is not waited for. */
const TIMEOUT_MS = 300;

/**
 * Whether a movement like this one was seen in the last ten minutes, at this site or at any; remembers it.
 * Asks the two shards of each group, at most six calls, and believes any of them. Shards that do not answer
 * remember nothing: never throws, and never calls a movement a replay for want of an answer.
 */
export async function isReplay(ring: LedgerRing, siteId: string, track: Track): Promise<boolean> {
  const sketch = sketchTrack(track);
  if (sketch === null) return false;
  const groups = [siteGroup(siteId), ...paceGroups(track)];
  const answers = [...groupsOfShards(ring, groups)].map(([shard, asked]) =>
    withinTime(
      askShard(ring.shards, shard, (stub) => stub.recallTrack(asked, sketch)),
      TIMEOUT_MS,
    ),
  );
  return (await Promise.all(answers)).includes(true);
}

/** Which groups each shard is asked about, so that each is asked once. */
function groupsOfShards(
  { plan }: LedgerRing,
  groups: readonly TrackGroup[],
): ReadonlyMap<ShardName, readonly TrackGroup[]> {
  const asked = new Map<ShardName, TrackGroup[]>();
  for (const group of groups) {
    const { owner, successor } = place(plan.ring, recordKey("track", group));
    for (const shard of [owner, successor]) asked.set(shard, [...(asked.get(shard) ?? []), group]);
  }
  return asked;
}
