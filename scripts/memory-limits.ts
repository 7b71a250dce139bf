/** A rate limit of wrangler.toml: so many calls with one key in each period, s. */
export interface RateLimit {
  readonly name: string;
  readonly simple: { readonly limit: number; readonly period: number };
}

/** Keys counted at a time by one limiter; those beyond it are let pass, as a rough ceiling may. */
const MAX_KEYS = 100_000;

/**
 * JavaScript of the rate-limit bindings as objects by name, which count in memory as the platform's own do.
 * Miniflare's stand-in asks a stored object at every call: 1.1 ms of CPU on workerd, several times what the
 * rest of a request takes. Windows stand at whole periods of the wall clock, as in miniflare.
 */
export function memoryLimits(limits: readonly RateLimit[]): string {
  const entries = limits.map(({ name, simple: { limit, period } }) => {
    return `${JSON.stringify(name)}: limiterOf(${limit}, ${period * 1000})`;
  });
  return `
    function limiterOf(limit, periodMs) {
      let window = 0;
      let counts = new Map();
      return {
        async limit({ key }) {
          const current = Math.floor(Date.now() / periodMs);
          if (current !== window) counts = new Map();
          window = current;
          const count = (counts.get(key) ?? 0) + 1;
          if (count > 1 || counts.size < ${MAX_KEYS}) counts.set(key, count);
          return { success: count <= limit };
        },
      };
    }
    const limits = { ${entries.join(", ")} };`;
}
