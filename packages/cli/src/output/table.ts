import stringWidth from "string-width";
import { plainText } from "./plain-text.ts";

const GAP = "  ";
const ELLIPSIS = "…";
/** A column is not made narrower than this to fit the terminal. */
const LEAST_WIDTH = 6;
/** Where nothing is cut, cells longer than this do not widen their column. */
const MOST_PADDING = 60;

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** What the cell says; it is made safe to print here. */
  readonly cell: (row: Row) => string | number | null | undefined;
  readonly align?: "left" | "right";
  /** Colours a cell after it was cut and padded. */
  readonly paint?: (padded: string, row: Row) => string;
}

/**
 * Draws rows as lines under a heading, columns as wide as their content. Where that is wider than
 * `width` columns of the terminal, the widest columns give way and their cells end in `…`. With an
 * infinite width nothing is cut, and a very long cell only pushes its own line.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): string[] {
  const cells = rows.map((row) =>
    columns.map((column) => plainText(String(column.cell(row) ?? ""))),
  );
  const titles = columns.map(({ title }) => plainText(title));
  const wanted = titles.map((_, index) =>
    Math.max(...[titles, ...cells].map((line) => stringWidth(line[index] ?? ""))),
  );
  const rooms = makeRoom(wanted, width - GAP.length * (columns.length - 1));
  const draw = (line: readonly string[], row?: Row) =>
    columns
      .map(({ align, paint }, index) => {
        const { cutAt, padTo } = rooms[index] ?? { cutAt: 0, padTo: 0 };
        const padded = pad(truncate(line[index] ?? "", cutAt), padTo, align ?? "left");
        return row !== undefined && paint ? paint(padded, row) : padded;
      })
      .join(GAP)
      .trimEnd();
  return [draw(titles), ...rows.map((row, index) => draw(cells[index] ?? [], row))];
}

interface Room {
  readonly cutAt: number;
  readonly padTo: number;
}

function makeRoom(wanted: readonly number[], available: number): Room[] {
  if (available === Number.POSITIVE_INFINITY) {
    return wanted.map((width) => ({ cutAt: available, padTo: Math.min(width, MOST_PADDING) }));
  }
  return fitted(wanted, available).map((width) => ({ cutAt: width, padTo: width }));
}

/** Takes from the widest column until the widths fit, none below its least. */
function fitted(wanted: readonly number[], available: number): number[] {
  const widths = [...wanted];
  for (let over = sum(widths) - available; over > 0; over -= 1) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= LEAST_WIDTH) break;
    widths[widest] = width - 1;
  }
  return widths;
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - stringWidth(text)));
  return align === "left" ? text + space : space + text;
}

/** Cuts text to `width` columns of the terminal, whole characters, with `…` for what was cut. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return kept + ELLIPSIS;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
