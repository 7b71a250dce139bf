import type { AccountId } from "@sluice/protocol";
import {
  type JudgedTrack,
  type RecorderNamespace,
  recorderName,
} from "../../../durable-objects/recorder/rpc.ts";
import { withinTime } from "../../cache/within-time.ts";
import { OfferGate } from "./offer-gate.ts";

/** A recorder that takes longer is left alone for a while, ms. */
const TIMEOUT_MS = 2_000;

interface RecordingWorld {
  readonly recorders: RecorderNamespace;
  now(): number;
  /** Lets work go on after the answer. */
  waitUntil(work: Promise<unknown>): void;
}

/** Offers movements to sites' recorders, beside the answer: it is never waited for and never fails a visitor. */
export class TrackRecorder {
  readonly #world: RecordingWorld;
  readonly #gate = new OfferGate();

  constructor(world: RecordingWorld) {
    this.#world = world;
  }

  /** Offers a movement, unless the site's recorder has enough to do. Returns at once and never throws. */
  offer(account: AccountId, siteId: string, track: JudgedTrack): void {
    if (!this.#gate.enter(siteId, this.#world.now())) return;
    this.#world.waitUntil(this.#send(account, siteId, track));
  }

  async #send(account: AccountId, siteId: string, track: JudgedTrack): Promise<void> {
    const taking = await withinTime(this.#call(account, siteId, track), TIMEOUT_MS);
    this.#gate.leave(siteId, taking === "taken", this.#world.now());
  }

  async #call(account: AccountId, siteId: string, track: JudgedTrack) {
    try {
      return await this.#world.recorders.getByName(recorderName(account, siteId)).record(track);
    } catch {
      // A movement that is not kept is no failure of the service.
      return "failed" as const;
    }
  }
}
