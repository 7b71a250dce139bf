/** How far a slider goes, in pixels of its picture. */
export interface Extent {
  readonly max: number;
}

/** An arrow key: small enough to hit any place within its tolerance. */
const STEP = 3;
/** With Shift. */
const FINE_STEP = 1;
const PAGE_STEP = 30;

/** The value after some steps. */
export function moveBy(value: number, steps: number, extent: Extent): number {
  return within(value + steps * STEP, extent);
}

/** The value after a key; null for a key that does not move a slider. */
export function valueAfterKey(
  value: number,
  key: string,
  isFine: boolean,
  extent: Extent,
): number | null {
  const step = isFine ? FINE_STEP : STEP;
  switch (key) {
    case "ArrowRight":
    case "ArrowUp":
      return within(value + step, extent);
    case "ArrowLeft":
    case "ArrowDown":
      return within(value - step, extent);
    case "PageUp":
      return within(value + PAGE_STEP, extent);
    case "PageDown":
      return within(value - PAGE_STEP, extent);
    case "Home":
      return 0;
    case "End":
      return extent.max;
    default:
      return null;
  }
}

/** The value whose handle has its middle at a place on the rail, all in CSS pixels. */
export function valueAt(place: number, rail: number, handle: number, extent: Extent): number {
  const travel = Math.max(1, rail - handle);
  return within(((place - handle / 2) / travel) * extent.max, extent);
}

/** The value's share of the whole way, 0 to 1. */
export function fraction(value: number, { max }: Extent): number {
  return max === 0 ? 0 : value / max;
}

export function percentOf(value: number, extent: Extent): number {
  return Math.round(fraction(value, extent) * 100);
}

function within(value: number, { max }: Extent): number {
  return Math.min(max, Math.max(0, value));
}
