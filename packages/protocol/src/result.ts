/** Outcome of something whose failure is normal: parsing, checking, looking up. */
export type Result<Value, Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

/** Wraps a success. */
export function ok<Value>(value: Value): Result<Value, never> {
  return { ok: true, value };
}

/** Wraps a failure. */
export function fail<Failure>(error: Failure): Result<never, Failure> {
  return { ok: false, error };
}
