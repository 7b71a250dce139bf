import { answerWith } from "./answers.ts";
import type { NewKey } from "./collections.ts";
import { HttpCaller, type HttpOptions } from "./http.ts";
import type { Paged } from "./paged.ts";
import type { AccountLimits, AccountSummary, AccountView, IssuedKey } from "./registry-views.ts";
import { type CallOptions, callJson, type ListOptions, listOf } from "./service-calls.ts";

/** How to make an admin's client; `secret` is the deployment's admin secret. */
export type AdminOptions = Omit<HttpOptions, "key"> & { readonly secret: string };

export interface NewAccount {
  readonly name: string;
  /** An id of the caller's choice; a call that is repeated with it opens no second account. */
  readonly id?: string;
  /** Those that are not given are the usual ones. */
  readonly limits?: Partial<AccountLimits>;
}

/** A new account and its first key, whose role is admin and whose text this answer alone shows. */
export interface OpenedAccount {
  readonly account: AccountView;
  readonly operatorKey: IssuedKey;
}

export interface AccountChanges {
  readonly name?: string;
  readonly limits?: Partial<AccountLimits>;
  /** A suspended account keeps everything and may do nothing. */
  readonly suspended?: boolean;
}

const PATH = "/v1/accounts";

/** The calls of whoever runs the service, on its accounts. Every method throws `SluiceError`. */
export class Admin {
  readonly #http: HttpCaller;

  constructor({ secret, ...options }: AdminOptions) {
    this.#http = new HttpCaller({ ...options, key: secret });
  }

  /** Opens an account. Not repeated by itself: the key that a lost answer showed would be lost. */
  async openAccount(account: NewAccount, options: CallOptions = {}): Promise<OpenedAccount> {
    const asking = { method: "POST", path: PATH, body: account, repeatable: false } as const;
    const answer = await callJson(this.#http, asking, options);
    return answerWith<OpenedAccount>(answer, "account", "operatorKey");
  }

  accounts(options: ListOptions = {}): Paged<AccountSummary> {
    return listOf(this.#http, PATH, {}, options);
  }

  async account(id: string, options: CallOptions = {}): Promise<AccountView> {
    const asking = { method: "GET", path: pathOf(id), repeatable: true } as const;
    return answerWith<AccountView>(await callJson(this.#http, asking, options), "id", "limits");
  }

  async updateAccount(
    id: string,
    changes: AccountChanges,
    options: CallOptions = {},
  ): Promise<AccountView> {
    const asking = { method: "PATCH", path: pathOf(id), body: changes, repeatable: true } as const;
    return answerWith<AccountView>(await callJson(this.#http, asking, options), "id", "limits");
  }

  /** Deletes the account with every key, token and site of it, for good. */
  async closeAccount(id: string, options: CallOptions = {}): Promise<void> {
    const asking = { method: "DELETE", path: pathOf(id), repeatable: true } as const;
    await callJson(this.#http, asking, options);
  }

  /** A key for an account that has lost all of its own; its role is admin if not given. */
  async issueKey(id: string, key: NewKey = {}, options: CallOptions = {}): Promise<IssuedKey> {
    const path = `${pathOf(id)}/keys`;
    const asking = { method: "POST", path, body: key, repeatable: false } as const;
    return answerWith<IssuedKey>(await callJson(this.#http, asking, options), "id", "key");
  }
}

/** Makes a client of the admin's calls. Throws `TypeError` for an address that is none. */
export function createAdmin(options: AdminOptions): Admin {
  return new Admin(options);
}

function pathOf(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}
