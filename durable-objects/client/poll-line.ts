import { byeText, encodePollAnswer, LIMITS } from "@sluice/protocol";
import { SILENCE_MS, type SocketState } from "./connection.ts";
import type { Line } from "./line.ts";

/** Room in an answer for what stands around the frames, and for a farewell. */
const ENVELOPE_CHARACTERS = 1_024;

type Answering = (answer: string) => void;

/**
 * A client's polls as a line. It lives in memory alone: an object that was dropped has forgotten it, and
 * the client's next poll is told to say hello again. Frames wait here for the next poll; the answers
 * count from 1, so that a client with two polls under way can take them in order.
 */
export class PollLine implements Line {
  isOpen = true;
  isOverfull = false;
  state: SocketState;
  #polledAt: number;
  #frames: string[] = [];
  #characters = 0;
  #answers = 0;
  #waiting: Answering | null = null;

  constructor(now: number) {
    this.state = { kind: "greeting", since: now };
    this.#polledAt = now;
  }

  get lastPingAt(): number {
    return this.#polledAt;
  }

  get silentAt(): number {
    return this.#polledAt + SILENCE_MS;
  }

  remember(state: SocketState): void {
    this.state = state;
  }

  /** Another poll has come: the one that waits, if there is one, is answered with what there is. */
  polled(now: number): void {
    this.#polledAt = now;
    this.#answer();
  }

  /** Puts a frame into the next answer. What does not fit is let go, and the line is overfull. */
  send(text: string): void {
    if (!this.isOpen) return;
    const room = LIMITS.pollAnswerCharacters - ENVELOPE_CHARACTERS - this.#characters;
    if (text.length >= room) {
      this.isOverfull = true;
      return;
    }
    this.#push(text);
  }

  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.#push(byeText(code, reason));
    this.isOpen = false;
  }

  /** The next answer: at once when there is something to say, else when there is or time is up. */
  next(waitMs: number): Promise<string> {
    if (this.#frames.length > 0 || waitMs === 0 || !this.isOpen) {
      return Promise.resolve(this.#take());
    }
    // Two polls of the same moment: only the newer one waits.
    this.#answer();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#answer(), waitMs);
      this.#waiting = (answer) => {
        clearTimeout(timer);
        resolve(answer);
      };
    });
  }

  /** All frames of one event leave together, so the waiting poll is answered after the event. */
  #push(text: string): void {
    if (this.#frames.length === 0) queueMicrotask(() => this.#frames.length > 0 && this.#answer());
    this.#frames.push(text);
    this.#characters += text.length + 1;
  }

  #answer(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) waiting(this.#take());
  }

  #take(): string {
    const frames = this.#frames;
    this.#frames = [];
    this.#characters = 0;
    this.#answers += 1;
    return encodePollAnswer({ seq: this.#answers, frames });
  }
}
