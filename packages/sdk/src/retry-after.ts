/** `Retry-After` in ms, of seconds or an HTTP date (RFC 9110, 10.2.3); 0 when absent or unreadable. */
export function retryAfterMs(value: string | null | undefined, now: number): number {
  if (value === null || value === undefined) return 0;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
