import type { AccountId } from "@sluice/protocol";
import type { RecorderRpc } from "../recorder/rpc.ts";
import type { AccountStorage } from "./account-storage.ts";
import { OutboxDrain, type OutboxPorts, type OutboxRow } from "./outbox-drain.ts";
import { LISTING, RECORDING } from "./outbox-storage.ts";
import { publicationOf } from "./publication.ts";
import type { RecordKind } from "./records.ts";
import type { RootRpc } from "./rpc.ts";
import { startTimer } from "./timer.ts";
import { summariseAccount } from "./views.ts";

/** Where an account's changes go. */
export interface Destinations {
  readonly kv: Pick<KVNamespace, "put" | "delete">;
  root(): Pick<RootRpc, "noteAccount">;
  recorder(siteId: string): Pick<RecorderRpc, "follow">;
}

/**
 * Publishes an account's outbox: records to KV, the account's line to the root's list, and to the recorder of
 * a site what is to be recorded of it.
 */
export class AccountPublisher {
  readonly #account: AccountId;
  readonly #storage: AccountStorage;
  readonly #destinations: Destinations;
  readonly #drain: OutboxDrain;

  constructor(account: AccountId, storage: AccountStorage, destinations: Destinations) {
    this.#account = account;
    this.#storage = storage;
    this.#destinations = destinations;
    this.#drain = new OutboxDrain(this.#ports());
  }

  /** Publishes what is due. Never rejects; what fails stays in the outbox. */
  run(): Promise<void> {
    return this.#drain.run();
  }

  #ports(): OutboxPorts {
    return {
      now: () => Date.now(),
      random: () => Math.random(),
      due: (limit) => this.#storage.outbox.due(Date.now(), limit),
      publish: (row) => this.#publish(row),
      published: (row) => this.#storage.outbox.published(row),
      postpone: (row, attempts, untilMs) => this.#storage.outbox.postpone(row, attempts, untilMs),
      landedLate: ({ kind, id }) => {
        this.#storage.outbox.publishAgain(kind, id, Date.now());
        void this.run();
      },
      timer: startTimer,
      report: (event, { kind, id, attempts }) =>
        console.error(JSON.stringify({ level: "error", event, kind, id, attempts })),
    };
  }

  async #publish({ kind, id, version }: OutboxRow): Promise<void> {
    if (kind === LISTING) return this.#list(id);
    if (kind === RECORDING) return this.#tellRecorder(id, version);
    const entry = this.#storage.entry(kind as RecordKind, id);
    if (entry === null) return;
    const { key, text, ttlSeconds } = publicationOf(this.#account, entry, Date.now());
    const { kv } = this.#destinations;
    if (text === null) return kv.delete(key);
    return kv.put(key, text, ttlSeconds === null ? {} : { expirationTtl: ttlSeconds });
  }

  /** A site that was deleted, even so long ago that it is forgotten, is not to be recorded. */
  async #tellRecorder(siteId: string, version: number): Promise<void> {
    const entry = this.#storage.entry("site", siteId);
    const recording = entry === null || entry.deletedAtMs !== null ? null : entry.body.recording;
    await this.#destinations.recorder(siteId).follow(entry?.version ?? version, recording);
  }

  async #list(id: string): Promise<void> {
    const entry = this.#storage.entry("account", id);
    if (entry === null) return;
    const summary = summariseAccount(this.#account, entry);
    const isDeleted = entry.deletedAtMs !== null;
    await this.#destinations.root().noteAccount(entry.version, summary, isDeleted);
  }
}
