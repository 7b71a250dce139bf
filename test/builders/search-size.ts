/** Set by `npm run chaos -- searches`, which takes the time that `npm test` has not. */
export const WHOLE_SEARCHES = "SLUICE_WHOLE_SEARCHES";

/** Whether the tests that search at random or through every state do so at their full size. */
export const isWholeSearch = process.env[WHOLE_SEARCHES] === "1";

/** The size of a search: `few` in `npm test`, `all` in `npm run chaos`. */
export function searchSize(few: number, all: number): number {
  return isWholeSearch ? all : few;
}
