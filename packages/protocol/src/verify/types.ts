/** What a visitor does: nothing, a click on a box, or moving a piece to its place. */
export const INTERACTIONS = ["none", "checkbox", "slider"] as const;
export type Interaction = (typeof INTERACTIONS)[number];

/** What moved: `keyboard` is also how assistive technology works a control. */
export const POINTER_KINDS = ["mouse", "touch", "pen", "keyboard"] as const;
export type PointerKind = (typeof POINTER_KINDS)[number];

/** Of a visitor who cannot or will not solve a picture: more work in its place, and no less checking. */
export const CHALLENGE_PATHS = ["usual", "accessible"] as const;
export type ChallengePath = (typeof CHALLENGE_PATHS)[number];

/** Body of `POST /v1/verify/challenge`. */
export interface ChallengeRequest {
  readonly sitekey: string;
  readonly action: string | null;
  readonly cdata: string | null;
  readonly path: ChallengePath;
}

/**
 * A proof of work: for each puzzle a nonce such that the SHA-256 of seed, number of the puzzle and nonce
 * begins with so many zero bits. Several small puzzles take a steadier time than one large one.
 */
export interface PowSpec {
  /** 16 bytes, base64url. */
  readonly seed: string;
  readonly puzzles: number;
  /** Zero bits that each puzzle's hash must begin with. */
  readonly bits: number;
}

/** The pictures of a slider puzzle. Sizes and places in pixels of the picture; images in base64. */
export interface SliderSpec {
  readonly width: number;
  readonly height: number;
  readonly background: string;
  readonly piece: string;
  readonly mediaType: string;
  readonly pieceWidth: number;
  readonly pieceHeight: number;
  /** How far the piece is from the top, where it stays. */
  readonly pieceTop: number;
}

/** What a visitor is asked. */
export interface ChallengeAnswer {
  /** Sealed; to be given back as it is. */
  readonly challenge: string;
  readonly interaction: Interaction;
  readonly pow: PowSpec;
  readonly slider: SliderSpec | null;
  /** A solution that comes sooner than this after the challenge is refused. */
  readonly minimumMs: number;
  readonly expiresInMs: number;
}

/** CSS pixels from the first point and ms from the first; of a keyboard, x is the value after each key. */
export type TrackPoint = readonly [x: number, y: number, t: number];

/** How the pointer moved. */
export interface Track {
  readonly pointer: PointerKind;
  readonly points: readonly TrackPoint[];
}

/** Body of `POST /v1/verify/solve`. */
export interface SolveRequest {
  readonly challenge: string;
  /** A nonce for each puzzle, in their order. */
  readonly pow: readonly number[];
  /** Left edge of the slider's piece, in pixels of the picture; null without a slider. */
  readonly answer: number | null;
  readonly track: Track | null;
  /** What `navigator.webdriver` says: the browser is driven by a program that does not hide it. */
  readonly automated: boolean;
}

/** Why a solution is refused for good. */
export type RefuseReason =
  | "invalid"
  | "expired"
  | "used"
  | "too_early"
  | "hostname"
  | "work"
  | "answer"
  | "track"
  | "score";

export interface PassedAnswer {
  readonly verdict: "pass";
  readonly pass: string;
  /** Of the challenge, 32 hex digits: GeeTest's lot number. */
  readonly id: string;
  /** Seconds since 1970. */
  readonly solvedAt: number;
  readonly expiresInMs: number;
}

/** Answer to a solution: a pass, a harder challenge, or the end. */
export type SolveAnswer =
  | PassedAnswer
  | { readonly verdict: "retry"; readonly challenge: ChallengeAnswer }
  | { readonly verdict: "refuse"; readonly reason: RefuseReason };
