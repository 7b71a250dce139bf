import { DurableObject } from "cloudflare:workers";
import { type ClientId, fail, type Result } from "@sluice/protocol";
import type { Refusal } from "../client/rpc.ts";
import { type RecorderNamespace, recorderName } from "../recorder/rpc.ts";
import type { AccountRegistry } from "./account-registry.ts";
import { AccountRole } from "./account-role.ts";
import { EnrolmentStorage } from "./enrolment-storage.ts";
import { EnrolmentUses } from "./enrolment-uses.ts";
import { ROOT_OBJECT, roleOfName } from "./object-names.ts";
import { RootRegistry } from "./root-registry.ts";
import { RootStorage } from "./root-storage.ts";
import {
  type AccountPatch,
  type AccountSpec,
  type AccountSummary,
  type Actor,
  accountObject,
  type EnrolmentUse,
  type ListedKind,
  type ListQuery,
  type PlaceReturn,
  type RegistryNamespace,
  type RegistryRpc,
  type Rotation,
  type SitePatch,
  type Specs,
} from "./rpc.ts";

/** Bindings that the registry needs. */
export interface RegistryEnv {
  /** Where verification data is published. */
  readonly CACHE: KVNamespace;
  readonly REGISTRY: RegistryNamespace;
  /** What is kept of sites' movements for training; told here what its owner wants. */
  readonly RECORDER: RecorderNamespace;
}

const WRONG_OBJECT: Refusal = { code: "not_found", detail: "no such account" };
/** A token is worth nothing once it has expired; its count may go a little later. */
const FORGET_AFTER_MS = 60_000;

/**
 * Source of truth for accounts, keys, enrolment tokens and sites. One class, split over many objects by
 * name, so that none is asked by everyone: `root` lists the accounts, `account:<id>` holds one account,
 * `enrolment:<key id>` counts the uses of one token. A client's credential is in the client's own object:
 * of a million clients that enrol, their account's object counts only how many, and so does their token's
 * counter if it is limited. Nothing here is asked on the read path: what the front needs to know is published to KV.
 */
export class Registry extends DurableObject<RegistryEnv> implements RegistryRpc {
  readonly #account: AccountRole | null = null;
  readonly #root: RootRegistry | null = null;
  readonly #enrolment: EnrolmentUses | null = null;

  constructor(ctx: DurableObjectState, env: RegistryEnv) {
    super(ctx, env);
    const role = roleOfName(ctx.id.name);
    if (role?.kind === "account") {
      this.#account = new AccountRole(ctx, role.account, {
        kv: env.CACHE,
        root: () => env.REGISTRY.getByName(ROOT_OBJECT),
        recorder: (siteId) => env.RECORDER.getByName(recorderName(role.account, siteId)),
      });
    } else if (role?.kind === "root") {
      const reach = env.REGISTRY;
      this.#root = new RootRegistry(new RootStorage(ctx.storage.sql), (account) =>
        reach.getByName(accountObject(account)),
      );
    } else if (role?.kind === "enrolment") {
      this.#enrolment = new EnrolmentUses(new EnrolmentStorage(ctx.storage));
    }
  }

  /** Publishes what is left in an account's outbox, or erases the count of a token that has expired. */
  override async alarm(): Promise<void> {
    if (this.#enrolment !== null) return this.ctx.storage.deleteAll();
    await this.#account?.wake();
  }

  async openAccount(spec: AccountSpec, by: Actor) {
    return this.#create((account, now) => account.open(spec, by, now));
  }

  async describeAccount() {
    return this.#read((account) => account.describe());
  }

  async updateAccount(patch: AccountPatch, by: Actor) {
    return this.#change((account, now) => account.update(patch, by, now));
  }

  async closeAccount(by: Actor) {
    return this.#change((account, now) => account.close(by, now));
  }

  async createEntry<Kind extends ListedKind>(kind: Kind, spec: Specs[Kind], by: Actor) {
    return this.#create((account, now) => account.create(kind, spec, by, now));
  }

  async getEntry<Kind extends ListedKind>(kind: Kind, id: string) {
    return this.#read((account, now) => account.get(kind, id, now));
  }

  async listEntries<Kind extends ListedKind>(kind: Kind, query: ListQuery) {
    return this.#read((account, now) => account.list(kind, query, now));
  }

  async updateSite(id: string, patch: SitePatch, by: Actor) {
    return this.#change((account, now) => account.updateSite(id, patch, by, now));
  }

  async rotateSecret<Kind extends ListedKind>(
    kind: Kind,
    id: string,
    rotation: Rotation,
    by: Actor,
  ) {
    return this.#change((account, now) => account.rotate(kind, id, rotation, by, now));
  }

  async revokeEntry<Kind extends ListedKind>(kind: Kind, id: string, by: Actor) {
    return this.#change((account, now) => account.revoke(kind, id, by, now));
  }

  async removeEntry(kind: ListedKind, id: string, by: Actor) {
    return this.#change((account, now) => account.remove(kind, id, by, now));
  }

  async takePlace(client: ClientId) {
    return this.#account?.takePlace(client) ?? fail(WRONG_OBJECT);
  }

  async returnPlace(client: ClientId, because: PlaceReturn) {
    return this.#account?.returnPlace(client, because) ?? fail(WRONG_OBJECT);
  }

  async listAudit(query: ListQuery) {
    return this.#read((account) => account.audit(query));
  }

  async reconcileAccount(cursor: string | null) {
    return (await this.#account?.reconcile(cursor)) ?? fail(WRONG_OBJECT);
  }

  async listAccounts(query: ListQuery) {
    return this.#root?.list(query) ?? fail(WRONG_OBJECT);
  }

  async noteAccount(version: number, summary: AccountSummary, isDeleted: boolean) {
    return this.#root?.note(version, summary, isDeleted) ?? fail(WRONG_OBJECT);
  }

  async reconcile(cursor: string | null) {
    return this.#root?.reconcile(cursor) ?? fail(WRONG_OBJECT);
  }

  async useToken(use: EnrolmentUse) {
    const answer = this.#enrolment?.take(use, Date.now()) ?? fail(WRONG_OBJECT);
    if (answer.ok && answer.value.used === 1) {
      void this.ctx.storage.setAlarm(use.expiresAtMs + FORGET_AFTER_MS);
    }
    return answer;
  }

  async giveBack(client: ClientId) {
    return this.#enrolment?.giveBack(client) ?? fail(WRONG_OBJECT);
  }

  #read<Value>(
    ask: (account: AccountRegistry, now: number) => Result<Value, Refusal>,
  ): Result<Value, Refusal> {
    return this.#account?.read(ask) ?? fail(WRONG_OBJECT);
  }

  #change<Value>(
    act: (account: AccountRegistry, now: number) => Result<Value, Refusal>,
  ): Result<Value, Refusal> {
    return this.#account?.change(act) ?? fail(WRONG_OBJECT);
  }

  async #create<Value>(
    act: (account: AccountRegistry, now: number) => Result<Value, Refusal>,
  ): Promise<Result<Value, Refusal>> {
    return this.#account?.create(act) ?? fail(WRONG_OBJECT);
  }
}
