import type { FieldReader } from "../field-reader.ts";
import { VERIFY_LIMITS } from "./limits.ts";
import { readTrack } from "./parse-track.ts";
import { CHALLENGE_PATHS, type ChallengeRequest, type SolveRequest } from "./types.ts";

const NAME = /^[A-Za-z0-9_-]+$/;
/** Nonces are words of 32 bits. */
const MAX_NONCE = 2 ** 32 - 1;

/** Reads the body of a request for a challenge. An empty action or cdata is none, as pages write them. */
export function readChallengeRequest(fields: FieldReader): ChallengeRequest {
  return {
    sitekey: fields.name("sitekey", VERIFY_LIMITS.sitekeyCharacters),
    action: readName(fields, "action", VERIFY_LIMITS.actionCharacters),
    cdata: readName(fields, "cdata", VERIFY_LIMITS.cdataCharacters),
    path: fields.has("path") ? fields.oneOf("path", CHALLENGE_PATHS) : "usual",
  };
}

/** Reads the body of a solution. What is missing reads as null, and is for the judge to weigh. */
export function readSolveRequest(fields: FieldReader): SolveRequest {
  return {
    challenge: fields.name("challenge", VERIFY_LIMITS.challengeCharacters, NAME),
    pow: readNonces(fields),
    answer: fields.says("answer")
      ? fields.amount("answer", VERIFY_LIMITS.trackExtent, "refuse")
      : null,
    track: fields.says("track") ? readTrack(fields.nested("track")) : null,
    automated: fields.has("automated") && fields.flag("automated"),
  };
}

function readNonces(fields: FieldReader): number[] {
  const nonces = fields.list("pow", VERIFY_LIMITS.puzzles);
  if (nonces.every(isNonce)) return [...nonces];
  fields.refuse("pow", "must hold whole numbers of 32 bits");
  return [];
}

function isNonce(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_NONCE;
}

function readName(fields: FieldReader, name: string, most: number): string | null {
  return fields.says(name) ? fields.name(name, most, NAME) : null;
}
