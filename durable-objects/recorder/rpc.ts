import type { AccountId, Page, PointerKind, Result, TrackPoint } from "@sluice/protocol";
import type { Refusal } from "../client/rpc.ts";

/** Whose movements come through a site, as its owner knows: nothing here guesses it. */
export const TRACK_LABELS = ["human", "script"] as const;
export type TrackLabel = (typeof TRACK_LABELS)[number];

/** What a site's owner decides of recording. */
export interface Recording {
  readonly label: TrackLabel;
  /** How the training is to name the site; null for its id. */
  readonly source: string | null;
  /** Of a hundred movements that are judged, how many are kept. */
  readonly sharePercent: number;
  /** For how long each is kept. */
  readonly days: number;
}

export const RECORDING_LIMITS = {
  /** As in names of files: letters, digits, `_`, `-` and `.`. */
  sourceCharacters: 64,
  sharePercent: { usual: 10, most: 100 },
  days: { usual: 30, most: 90 },
  /**
   * Movements kept of one site; after that none is until some have ended or are erased. A person's track is
   * about a kilobyte, the largest that is looked at 30.
   */
  tracks: 10_000,
} as const;

/** A movement as it was judged. Nothing of who made it, where from or when. */
export interface JudgedTrack {
  readonly pointer: PointerKind;
  readonly points: readonly TrackPoint[];
  readonly verdict: "pass" | "retry" | "refuse";
  /** Of the judgement, 0 (script) to 1 (person). */
  readonly score: number;
  readonly reasons: readonly string[];
}

/** What became of a movement that was offered. */
export type Taking = "taken" | "full" | "off";

/** Which part of what is kept; `cursor` is one that was given out, or null for the start. */
export interface TrackQuery {
  readonly cursor: string | null;
  readonly limit: number;
}

/**
 * The object of one site. It takes nothing until the registry has told it to, and stores nothing while it is
 * not to.
 */
export interface RecorderRpc {
  /**
   * For the registry alone: what the site's owner has decided, and in which version of the site. Null ends the
   * recording and erases all of it before this answers. An older version than the one known changes nothing.
   */
  follow(version: number, recording: Recording | null): Promise<void>;
  /** Takes a movement, to be stored within seconds: what a crash forgets is a movement for training. */
  record(track: JudgedTrack): Promise<Taking>;
  /** Lines in the form of docs/recording.md, oldest first. Refused with `invalid_cursor`. */
  tracks(query: TrackQuery): Promise<Result<Page<string>, Refusal>>;
  /** Erases all that is kept, and goes on recording if it did. */
  erase(): Promise<void>;
}

/** Name of a site's object. */
export type RecorderName = `${AccountId}:${string}`;

/** Name of the object of one site; `siteId` is its key id in base32. */
export function recorderName(account: AccountId, siteId: string): RecorderName {
  return `${account}:${siteId}`;
}

/** The site that an object is for; empty for a name that nothing of ours made. */
export function siteOfName(name: string | undefined): string {
  return name?.split(":")[1] ?? "";
}

/** The objects of all sites, by name. */
export interface RecorderNamespace {
  getByName(name: RecorderName): RecorderRpc;
}
