declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Id of a client: `cl_…`, sorts by the time of enrolment. */
export type ClientId = Branded<"ClientId">;
/** Id of a task, unique within its client: `tk_…`, sorts by the time of enqueue. */
export type TaskId = Branded<"TaskId">;
/** Id of an account: `ac_…`. */
export type AccountId = Branded<"AccountId">;

/** Longest id, key or name of ours that is ever parsed, in characters. */
export const MAX_ID_CHARACTERS = 128;
