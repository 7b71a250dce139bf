const HOUR_MS = 3600_000;
const HOURS_OF_DAY = 24;

/**
 * The whole hour of a time, since 1970. All that is stored of when a movement was made: enough to erase it in
 * time, too little to tell who was at the page.
 */
export function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}

/** The last hour of which the movements have been kept for so many days; those of earlier hours have too. */
export function lastEndedHour(days: number, now: number): number {
  return hourOf(now) - days * HOURS_OF_DAY;
}

/** When movements of an hour end, ms: never later than so many days after the earliest was made, plus an alarm's delay. */
export function endOf(hour: number, days: number): number {
  return (hour + days * HOURS_OF_DAY) * HOUR_MS;
}
