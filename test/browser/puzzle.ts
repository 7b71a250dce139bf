import type { ChallengeAnswer } from "@sluice/protocol";
import { openChallenge } from "../../workers/verify/challenge.ts";
import { keyRing } from "../builders/keys.ts";
import { middleOf, pause, type Visitor } from "./visitor.ts";

const HANDLE = ["slider", "Place of the piece"] as const;

/**
 * Where the piece of the newest puzzle belongs, pixels of the picture. The tests know by the key of the
 * service, which they hold, what a person sees.
 */
export async function placeOfGap(visitor: Visitor): Promise<number> {
  const answer = await newestChallenge(visitor);
  const challenge = await openChallenge(await keyRing(), answer.challenge);
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

/** The way of a hand from 0 to 1 and back: it goes a little too far, and is not straight. */
function* hand(steps: number): Generator<{ along: number; across: number; waitMs: number }> {
  for (let step = 1; step <= steps; step += 1) {
    const share = step / steps;
    const eased = share ** 3 * (10 - 15 * share + 6 * share ** 2);
    const over = 0.03 * Math.sin(Math.min(1, Math.max(0, (share - 0.55) / 0.45)) * Math.PI);
    yield {
      along: eased + over,
      across: Math.sin(share * 2.4) * 5,
      waitMs: 7 + ((step * 17) % 13),
    };
  }
}

/** Drags the handle to a place with the mouse, and lets go. */
export async function dragTo(visitor: Visitor, place: number): Promise<void> {
  const { x, y, way } = await wayTo(visitor, place);
  const { mouse } = visitor.page;
  await visitor.moveTo(x, y);
  await mouse.down();
  await pause(90);
  for (const { along, across, waitMs } of hand(34)) {
    await mouse.move(x + way * along, y + across);
    await pause(waitMs);
  }
  await pause(180);
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
  await pause(80);
  for (const { along, across, waitMs } of hand(30)) {
    await touch("touchMove", [{ x: x + way * along, y: y + across }]);
    await pause(waitMs);
  }
  await pause(150);
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
