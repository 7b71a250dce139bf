import { plainJson } from "./plain-text.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Prints the first `limit` items of a list: a table for people, with `json` an object a line. Says when
 * there may be more.
 */
export async function printList<Item>(
  items: AsyncIterable<Item>,
  draw: (items: readonly Item[], terminal: Terminal) => readonly string[],
  { json = false, limit }: { readonly json?: boolean; readonly limit: number },
  terminal: Terminal,
): Promise<void> {
  const found: Item[] = [];
  let listed = 0;
  for await (const item of items) {
    if (json) terminal.print(plainJson(item));
    else found.push(item);
    listed += 1;
    if (listed === limit) break;
  }
  if (!json) terminal.print(...draw(found, terminal));
  if (listed === limit) terminal.note(`the first ${limit}; --limit shows more`);
}
