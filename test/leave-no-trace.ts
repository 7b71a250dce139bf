import { afterAll, vi } from "vitest";

/** Files share a process, so none leaves it another clock, other globals or spies behind. */
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
