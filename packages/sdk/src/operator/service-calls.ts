import type { JsonObject } from "@sluice/protocol";
import { pageWith } from "./answers.ts";
import type { Call, HttpCaller } from "./http.ts";
import { Paged } from "./paged.ts";

/** Options of every call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
}

/** Options of calls that list. */
export interface ListOptions extends CallOptions {
  /** Items of one page; the service has a default and a bound. */
  readonly limit?: number;
}

/** What is asked for with a call, beside its options. */
export interface Asking {
  readonly method: Call["method"];
  /** Path and query, with every part of it encoded. */
  readonly path: string;
  readonly body?: object;
  /** Doing it twice does no more than doing it once. */
  readonly repeatable: boolean;
}

/** One call with a JSON body and a JSON answer. Throws `SluiceError`. */
export function callJson(
  http: HttpCaller,
  { body, ...asking }: Asking,
  { signal }: CallOptions,
): Promise<JsonObject> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return http.call({ ...asking, ...sent, signal });
}

/** A list of the service, narrowed by a filter, fetched while it is walked. */
export function listOf<Item>(
  http: HttpCaller,
  path: string,
  filter: Readonly<Record<string, string | boolean | undefined>>,
  { limit, signal }: ListOptions,
): Paged<Item> {
  return new Paged(async (cursor) => {
    const query = queryOf({ ...filter, limit, cursor: cursor ?? undefined });
    const call = { method: "GET", path: path + query, repeatable: true, signal } as const;
    return pageWith<Item>(await http.call(call));
  });
}

function queryOf(
  parameters: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query}`;
}
