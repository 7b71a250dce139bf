/** What is kept of visitors' movements for their operator's own training, where a site's owner wants it. */
export { isDrawn, recordableTrack } from "./recordable-track.ts";
export { TrackRecorder } from "./track-recorder.ts";
