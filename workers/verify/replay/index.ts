/** The memory for movements that are used again. */
export { isReplay } from "./is-replay.ts";
export { paceGroups, siteGroup, sketchTrack } from "./sketch-track.ts";
