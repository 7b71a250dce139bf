import type { ChallengeAnswer } from "@sluice/protocol";
import { openChallenge } from "../../workers/verify/challenge.ts";
import { keyRing } from "../builders/keys.ts";
import { handLike } from "../builders/tracks.ts";
import { middleOf, pause, type Visitor } from "./visitor.ts";

const HANDLE = ["slider", "Place of the piece"] as const;

/**
 * Where the piece of the newest puzzle belongs, pixels of the picture. The tests know by the key of the
 * service, which they hold, what a person sees.
 */
export async function placeOfGap(visitor: Visitor): Promise<number> {
  const answer = await newestChallenge(visitor);
  const challenge = openChallenge(keyRing(), answer.challenge);
  if (challenge?.sliderX == null) throw new Error("the newest challenge has no puzzle");
  return challenge.sliderX;
}

async function newestChallenge({ requests }: Visitor): Promise<ChallengeAnswer> {
  for (const request of requests.toReversed()) {
    if (!/\/v1\/verify\/(challenge|solve)$/.test(request.url())) continue;
    const answer = await (await request.response())?.json();
    const challenge = answer.verdict === "retry" ? answer.challenge : answer;
    if (challenge.slider) return challenge;
  }
  throw new Error("no puzzle was asked");
}

/** How far the handle must go for a place, CSS pixels, and where it is. */
export async function wayTo(visitor: Visitor, place: number) {
  const handle = await visitor.placeOf(await visitor.find(...HANDLE));
  const rail = await visitor.page.evaluate(() => Math.min(356, innerWidth - 16) - 34);
  const { slider } = await newestChallenge(visitor);
  if (slider === null) throw new Error("the newest challenge has no puzzle");
  const way = ((rail - 2 - handle.width) * place) / (slider.width - slider.pieceWidth);
  return { ...middleOf(handle), way };
}

/** Moves over a way as a hand might, by `move`, in its times as well as the machine keeps them. */
async function moveAsHand(
  way: number,
  move: (along: number, across: number) => Promise<unknown>,
): Promise<void> {
  seed += 1;
  const points = handLike(seed, way);
  // Wherever the hand has drifted to: the last point is the place.
  const off = way - (points.at(-1)?.[0] ?? way);
  const beganAtMs = performance.now();
  for (const [x, y, t] of points) {
    await pause(Math.max(0, t - (performance.now() - beganAtMs)));
    await move(x + off * (x / way), y);
  }
  await pause(150);
}
let seed = 0;

/** Drags the handle to a place with the mouse, and lets go. */
export async function dragTo(visitor: Visitor, place: number): Promise<void> {
  const { x, y, way } = await wayTo(visitor, place);
  const { mouse } = visitor.page;
  await visitor.moveTo(x, y);
  await mouse.down();
  await moveAsHand(way, (along, across) => mouse.move(x + along, y + across));
  await mouse.up();
}

/** The same with a finger. */
export async function swipeTo(visitor: Visitor, place: number): Promise<void> {
  const { x, y, way } = await wayTo(visitor, place);
  const session = await visitor.session();
  const touch = (
    type: "touchStart" | "touchMove" | "touchEnd",
    touchPoints: { x: number; y: number }[],
  ) => session.send("Input.dispatchTouchEvent", { type, touchPoints });
  await touch("touchStart", [{ x, y }]);
  await moveAsHand(way, (along, across) => touch("touchMove", [{ x: x + along, y: y + across }]));
  await touch("touchEnd", []);
}

/** Moves the piece by keys alone, as fingers press them, and confirms by Enter. */
export async function keyTo(visitor: Visitor, place: number): Promise<void> {
  const presses = async (key: string, times: number) => {
    for (let press = 0; press < times; press += 1) await visitor.press(key);
  };
  await presses("PageUp", Math.floor(place / 30));
  await presses("ArrowRight", Math.round((place % 30) / 3));
  await visitor.press("Enter");
}
