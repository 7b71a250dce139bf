import type { ClientRpc } from "../durable-objects/client/rpc.ts";
import type { LedgerNamespace } from "../durable-objects/ledger/rpc.ts";
import type { RecorderNamespace } from "../durable-objects/recorder/rpc.ts";
import type { RegistryNamespace } from "../durable-objects/registry/rpc.ts";
import type { RecordStore } from "./cache/index.ts";

/** What the front asks of a rate-limit binding. */
export interface RateLimiter {
  limit(options: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** A client's object as the front sees it: its calls, and `fetch` for the socket. */
export type ClientStub = ClientRpc & { fetch(request: Request): Promise<Response> };

/** The objects of all clients, one a client id. */
export interface ClientNamespace {
  getByName(name: string): ClientStub;
}

/** Bindings and secrets, as wrangler.toml declares them. */
export interface Env {
  readonly CLIENT: ClientNamespace;
  /** Source of truth for accounts, keys and sites; asked to change or list them, never to check a key. */
  readonly REGISTRY: RegistryNamespace;
  /** What was used once: shards of the ledger ring. */
  readonly LEDGER: LedgerNamespace;
  /** What is kept of sites' movements for training, where their owners want it. */
  readonly RECORDER: RecorderNamespace;
  /** Verification data, as the registry publishes it. */
  readonly CACHE: RecordStore;
  /** Per address or network. */
  readonly ADDRESS_LIMIT: RateLimiter;
  /** Per key. */
  readonly KEY_LIMIT: RateLimiter;
  /** Per site, on what its visitors and its server send. */
  readonly SITE_LIMIT: RateLimiter;
  /** Per client, on connecting. */
  readonly CLIENT_LIMIT: RateLimiter;
  /** `id:base64url32bytes[,id:…]`, see keys/key-ring.ts. */
  readonly KEY_RING: string;
  /** What the platform's admin shows to manage accounts, see front/authenticate-admin.ts. */
  readonly ADMIN_SECRET: string;
}
