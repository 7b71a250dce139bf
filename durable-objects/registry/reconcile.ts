import type { Publication } from "./publication.ts";

/** How KV differs from the registry. Counts of records. */
export interface DriftReport {
  readonly checked: number;
  /** In the registry, not in KV. */
  readonly missing: number;
  /** In both, with different contents. */
  readonly stale: number;
  /** In KV, not in the registry. */
  readonly extra: number;
  readonly repaired: number;
  /** Accounts that could not be compared. */
  readonly failed: number;
}

export const NO_DRIFT: DriftReport = {
  checked: 0,
  missing: 0,
  stale: 0,
  extra: 0,
  repaired: 0,
  failed: 0,
};

/** Reports of several parts as one. */
export function addReports(left: DriftReport, right: DriftReport): DriftReport {
  return {
    checked: left.checked + right.checked,
    missing: left.missing + right.missing,
    stale: left.stale + right.stale,
    extra: left.extra + right.extra,
    repaired: left.repaired + right.repaired,
    failed: left.failed + right.failed,
  };
}

export type Drift = "none" | "missing" | "stale" | "extra";

/** How one record in KV differs from what should stand there. */
export function driftOf({ text }: Publication, found: string | null): Drift {
  if (found === text) return "none";
  if (found === null) return "missing";
  return text === null ? "extra" : "stale";
}

/** Counts what a part of a comparison found. */
export function reportOf(drifts: readonly Drift[], repaired: number): DriftReport {
  const count = (wanted: Drift) => drifts.filter((drift) => drift === wanted).length;
  return {
    ...NO_DRIFT,
    checked: drifts.length,
    missing: count("missing"),
    stale: count("stale"),
    extra: count("extra"),
    repaired,
  };
}
