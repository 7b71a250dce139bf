import type { TrackGroup } from "../../durable-objects/ledger/rpc.ts";
import { TrackBook } from "../../durable-objects/ledger/track-book.ts";
import { siteGroup, sketchTrack } from "../../workers/verify/replay/sketch-track.ts";
import type { LabelledTrack } from "../tracks/labelled-track.ts";

/** Everything is judged as at one site. */
const SITE: TrackGroup = siteGroup("site-of-evaluation");
/** No time passes, so that nothing is forgotten but what is too much. */
const NOW = 0;

/**
 * The tracks that the memory for replays knows when they come: first the people in their order, as if each had
 * been recorded while solving, then each family on top of them alone. The ledger's own book remembers.
 */
export function inSequence(tracks: readonly LabelledTrack[]): ReadonlySet<LabelledTrack> {
  const people = tracks.filter(({ human }) => human);
  const scripts = tracks.filter(({ human }) => !human);
  const known = new Set<LabelledTrack>();
  for (const track of recognised(people, new TrackBook())) known.add(track);
  for (const family of Object.values(Object.groupBy(scripts, (track) => track.family))) {
    const book = new TrackBook();
    recognised(people, book);
    for (const track of recognised(family ?? [], book)) known.add(track);
  }
  return known;
}

function recognised(tracks: readonly LabelledTrack[], book: TrackBook): LabelledTrack[] {
  return tracks.filter((track) => {
    const sketch = sketchTrack(track);
    if (sketch === null) return false;
    const seen = book.has([SITE], sketch, NOW);
    book.add({ groups: [SITE], sketch, seenAt: NOW });
    return seen;
  });
}
