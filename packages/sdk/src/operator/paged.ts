import type { Page } from "@sluice/protocol";

/** Fetches the page that begins at a cursor; null for the first. */
export type FetchPage<Item> = (cursor: string | null) => Promise<Page<Item>>;

/** A list that is fetched page by page while it is walked: `for await (const item of list)`. */
export class Paged<Item> implements AsyncIterable<Item> {
  readonly #fetchPage: FetchPage<Item>;

  constructor(fetchPage: FetchPage<Item>) {
    this.#fetchPage = fetchPage;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for await (const page of this.pages()) yield* page.items;
  }

  /** The list by pages; each has the cursor at which a later call can go on. */
  async *pages(cursor: string | null = null): AsyncGenerator<Page<Item>> {
    let next = cursor;
    do {
      const page = await this.#fetchPage(next);
      yield page;
      next = page.cursor;
    } while (next !== null);
  }

  /** All of it in memory. */
  async toArray(): Promise<Item[]> {
    const all: Item[] = [];
    for await (const page of this.pages()) all.push(...page.items);
    return all;
  }
}
