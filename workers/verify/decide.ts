import type { RefuseReason, Track } from "@sluice/protocol";
import type { Challenge } from "./challenge.ts";
import { MAX_LEVEL } from "./interaction.ts";
import type { Lack } from "./judge.ts";

/** What comes of a solution. */
export type Decision =
  | { readonly do: "pass" }
  /** Ask again, for more. */
  | { readonly do: "ask"; readonly level: number; readonly accessible: boolean }
  | { readonly do: "refuse"; readonly reason: RefuseReason };

type Standing = Pick<Challenge, "interaction" | "level" | "accessible">;

/** A piece in the wrong place may be tried again in another picture; what is missing may not be added. */
export function decideOnLack(challenge: Standing, lack: Lack): Decision {
  switch (lack) {
    case "wrong_place":
      return askHarder(challenge, challenge.accessible, "answer");
    case "answer":
    case "track":
      return { do: "refuse", reason: lack };
  }
}

/**
 * A value of at least the site's threshold passes, less is asked for more, and at the last level refused. A
 * box that was pressed by a key shows less of a hand than one that a pointer came to, so there is more work
 * in its place: the challenge that whoever uses no pictures is given.
 */
export function decide(
  challenge: Standing,
  value: number,
  threshold: number,
  track: Track | null,
): Decision {
  const passes = value >= threshold;
  if (isByKeyAlone(challenge, track)) {
    return passes
      ? { do: "ask", level: challenge.level, accessible: true }
      : askHarder(challenge, true, "score");
  }
  return passes ? { do: "pass" } : askHarder(challenge, challenge.accessible, "score");
}

function isByKeyAlone({ interaction, accessible }: Standing, track: Track | null): boolean {
  return interaction === "checkbox" && !accessible && track?.pointer === "keyboard";
}

function askHarder({ level }: Standing, accessible: boolean, reason: RefuseReason): Decision {
  if (level >= MAX_LEVEL) return { do: "refuse", reason };
  return { do: "ask", level: level + 1, accessible };
}
