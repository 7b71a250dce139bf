import { answerWith } from "./answers.ts";
import type { HttpCaller } from "./http.ts";
import type { Paged } from "./paged.ts";
import type {
  EnrolmentTokenView,
  IssuedKey,
  IssuedSite,
  IssuedToken,
  KeyRole,
  OperatorKeyView,
  RecordedTrack,
  SiteChanges,
  SiteFields,
  SiteView,
} from "./registry-views.ts";
import { type CallOptions, callJson, type ListOptions, listOf } from "./service-calls.ts";

/** How long a replaced secret goes on opening, in seconds; 0 ends it at once. */
export interface RotateOptions extends CallOptions {
  readonly overlapSeconds?: number;
}

/** What the service keeps many of in an account: each has an id, is listed, shown and deleted alike. */
class Collection<View extends { readonly id: string }> {
  protected readonly http: HttpCaller;
  protected readonly path: string;

  constructor(http: HttpCaller, path: string) {
    this.http = http;
    this.path = path;
  }

  /** All of them, oldest first. */
  list(options: ListOptions = {}): Paged<View> {
    return listOf(this.http, this.path, {}, options);
  }

  async get(id: string, options: CallOptions = {}): Promise<View> {
    const asking = { method: "GET", path: this.#one(id), repeatable: true } as const;
    return answerWith<View>(await callJson(this.http, asking, options), "id");
  }

  /** Deletes it: what it opened is closed for good. */
  async remove(id: string, options: CallOptions = {}): Promise<void> {
    const asking = { method: "DELETE", path: this.#one(id), repeatable: true } as const;
    await callJson(this.http, asking, options);
  }

  /** Not repeated after a lost answer: the secret that it showed would be lost as well. */
  protected async post(path: string, body: object, options: CallOptions) {
    return callJson(this.http, { method: "POST", path, body, repeatable: false }, options);
  }

  /** Asks for a new secret. */
  protected async rotated(id: string, { overlapSeconds, ...options }: RotateOptions) {
    const body = overlapSeconds === undefined ? {} : { overlapSeconds };
    return this.post(`${this.#one(id)}/rotate`, body, options);
  }

  protected async revoked(id: string, options: CallOptions): Promise<View> {
    const asking = { method: "POST", path: `${this.#one(id)}/revoke`, repeatable: true } as const;
    return answerWith<View>(await callJson(this.http, asking, options), "id");
  }

  #one(id: string): string {
    return `${this.path}/${encodeURIComponent(id)}`;
  }
}

export interface NewKey {
  /** Words by which people know it. */
  readonly label?: string;
  /** `operator` if not given. */
  readonly role?: KeyRole;
}

/** The operator keys of an account. Creating, rotating and deleting needs a key with the role admin. */
export class Keys extends Collection<OperatorKeyView> {
  async create(key: NewKey = {}, options: CallOptions = {}): Promise<IssuedKey> {
    return answerWith<IssuedKey>(await this.post(this.path, key, options), "id", "key");
  }

  /** A new text for the key; the old one opens on, for a day if not said otherwise. */
  async rotate(id: string, options: RotateOptions = {}): Promise<IssuedKey> {
    return answerWith<IssuedKey>(await this.rotated(id, options), "id", "key");
  }

  /** Ends the key; it stays in the list. */
  revoke(id: string, options: CallOptions = {}): Promise<OperatorKeyView> {
    return this.revoked(id, options);
  }
}

export interface NewEnrolmentToken {
  readonly label?: string;
  /** Given to every client that enrols with it. */
  readonly labels?: readonly string[];
  /** How many clients may enrol with it; any number if not given. */
  readonly uses?: number;
  /** A day if not given. */
  readonly expiresInSeconds?: number;
}

/** The tokens with which machines enrol. */
export class EnrolmentTokens extends Collection<EnrolmentTokenView> {
  async create(token: NewEnrolmentToken = {}, options: CallOptions = {}): Promise<IssuedToken> {
    const answer = await this.post(this.path, token, options);
    return answerWith<IssuedToken>(answer, "id", "token", "expiresAt");
  }

  /** Ends the token; it stays in the list. */
  revoke(id: string, options: CallOptions = {}): Promise<EnrolmentTokenView> {
    return this.revoked(id, options);
  }
}

export type NewSite = Pick<SiteFields, "name" | "hostnames"> & SiteChanges;

/** The sites of an account, each known by its sitekey. Changes need a key with the role admin. */
export class Sites extends Collection<SiteView> {
  async create(site: NewSite, options: CallOptions = {}): Promise<IssuedSite> {
    return answerWith<IssuedSite>(await this.post(this.path, site, options), "sitekey", "secret");
  }

  /** Changes what is given and leaves the rest. */
  async update(
    sitekey: string,
    changes: SiteChanges,
    options: CallOptions = {},
  ): Promise<SiteView> {
    const path = `${this.path}/${encodeURIComponent(sitekey)}`;
    const asking = { method: "PATCH", path, body: changes, repeatable: true } as const;
    return answerWith<SiteView>(await callJson(this.http, asking, options), "sitekey");
  }

  /** A new secret; the old one opens on, for two hours if not said otherwise. The sitekey stays. */
  async rotate(sitekey: string, options: RotateOptions = {}): Promise<IssuedSite> {
    return answerWith<IssuedSite>(await this.rotated(sitekey, options), "sitekey", "secret");
  }

  /** The movements that are kept for training, oldest first. */
  tracks(sitekey: string, options: ListOptions = {}): Paged<RecordedTrack> {
    return listOf(this.http, this.#tracksOf(sitekey), {}, options);
  }

  /** Erases the movements that are kept; recording goes on. */
  async eraseTracks(sitekey: string, options: CallOptions = {}): Promise<void> {
    const path = this.#tracksOf(sitekey);
    await callJson(this.http, { method: "DELETE", path, repeatable: true }, options);
  }

  #tracksOf(sitekey: string): string {
    return `${this.path}/${encodeURIComponent(sitekey)}/tracks`;
  }
}
