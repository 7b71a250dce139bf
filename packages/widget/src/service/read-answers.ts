import {
  type ChallengeAnswer,
  FieldReader,
  type FirstFault,
  INTERACTIONS,
  type PassedAnswer,
  type PowSpec,
  type RefuseReason,
  type SliderSpec,
  VERIFY_LIMITS,
} from "@sluice/protocol";

const SECOND_MS = 1_000;
/** A challenge or a pass lives minutes; more would overflow a timer. */
const LONGEST_LIFE_MS = 86_400_000;
/** Of one picture in base64: far more than a slider's takes. */
const PICTURE_CHARACTERS = 2 ** 20;
const PICTURE_PIXELS = 2_000;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const SEED = /^[A-Za-z0-9_-]{22}$/;
const PASS_CHARACTERS = 2_048;
const IMAGE_TYPE = /^image\/(png|webp|jpeg|avif)$/;
const REASONS = [
  "invalid",
  "expired",
  "used",
  "too_early",
  "hostname",
  "work",
  "answer",
  "track",
  "score",
] as const satisfies readonly RefuseReason[];

/** Answer to a question: a challenge, or for a key that is for tests a verdict at once. */
export type Asked = { readonly kind: "challenge"; readonly challenge: ChallengeAnswer } | Ended;

/** Answer to a solution. */
export type Judged =
  | Ended
  /** Something harder. */
  | { readonly kind: "again"; readonly challenge: ChallengeAnswer };

type Ended =
  | { readonly kind: "passed"; readonly passed: PassedAnswer }
  | { readonly kind: "refused"; readonly reason: RefuseReason };

/** Reads the answer to a question; null when it is none of the service's, such as a hotel's login page. */
export function readAsked(answer: unknown): Asked | null {
  return readWhole(answer, (fields) =>
    fields.has("verdict")
      ? readEnded(fields)
      : { kind: "challenge", challenge: readChallenge(fields) },
  );
}

/** Reads the answer to a solution; null when it is none of the service's. */
export function readJudged(answer: unknown): Judged | null {
  return readWhole(answer, (fields) =>
    fields.oneOf("verdict", VERDICTS) === "retry"
      ? { kind: "again", challenge: readChallenge(fields.nested("challenge")) }
      : readEnded(fields),
  );
}

const VERDICTS = ["pass", "retry", "refuse"] as const;

function readWhole<Value>(answer: unknown, read: (fields: FieldReader) => Value): Value | null {
  const faults: FirstFault = { detail: null };
  const value = read(new FieldReader(answer, "", faults));
  return faults.detail === null ? value : null;
}

function readEnded(fields: FieldReader): Ended {
  if (fields.oneOf("verdict", VERDICTS) === "refuse") {
    return { kind: "refused", reason: fields.oneOf("reason", REASONS) };
  }
  const passed = {
    verdict: "pass",
    pass: fields.name("pass", PASS_CHARACTERS),
    id: fields.name("id", PASS_CHARACTERS),
    solvedAt: fields.integer("solvedAt", 0),
    expiresInMs: fields.integer("expiresInMs", SECOND_MS, LONGEST_LIFE_MS),
  } as const;
  return { kind: "passed", passed };
}

function readChallenge(fields: FieldReader): ChallengeAnswer {
  return {
    challenge: fields.name("challenge", VERIFY_LIMITS.challengeCharacters),
    interaction: fields.oneOf("interaction", INTERACTIONS),
    pow: readWork(fields.nested("pow")),
    slider: fields.says("slider") ? readSlider(fields.nested("slider")) : null,
    minimumMs: fields.integer("minimumMs", 0, LONGEST_LIFE_MS),
    expiresInMs: fields.integer("expiresInMs", SECOND_MS, LONGEST_LIFE_MS),
  };
}

function readWork(fields: FieldReader): PowSpec {
  return {
    seed: fields.name("seed", VERIFY_LIMITS.sitekeyCharacters, SEED),
    puzzles: fields.integer("puzzles", 1, VERIFY_LIMITS.puzzles),
    bits: fields.integer("bits", 0, 32),
  };
}

function readSlider(fields: FieldReader): SliderSpec {
  return {
    width: fields.integer("width", 1, PICTURE_PIXELS),
    height: fields.integer("height", 1, PICTURE_PIXELS),
    background: fields.name("background", PICTURE_CHARACTERS, BASE64),
    piece: fields.name("piece", PICTURE_CHARACTERS, BASE64),
    mediaType: fields.name("mediaType", VERIFY_LIMITS.sitekeyCharacters, IMAGE_TYPE),
    pieceWidth: fields.integer("pieceWidth", 1, PICTURE_PIXELS),
    pieceHeight: fields.integer("pieceHeight", 1, PICTURE_PIXELS),
    pieceTop: fields.integer("pieceTop", 0, PICTURE_PIXELS),
  };
}
