export {
  type AccountChanges,
  Admin,
  type AdminOptions,
  createAdmin,
  type NewAccount,
  type OpenedAccount,
} from "./admin.ts";
export type {
  EnrolmentTokens,
  Keys,
  NewEnrolmentToken,
  NewKey,
  NewSite,
  RotateOptions,
  Sites,
} from "./collections.ts";
export { type Enrolled, type EnrolOptions, enrolClient } from "./enrol.ts";
export type { HttpOptions } from "./http.ts";
export {
  type ClientChanges,
  createOperator,
  Operator,
  type OperatorOptions,
} from "./operator.ts";
export { Paged } from "./paged.ts";
export type * from "./registry-views.ts";
export type { RetryPolicy } from "./retry-policy.ts";
export type { CallOptions, ListOptions } from "./service-calls.ts";
export { PartialScheduleError, SluiceError } from "./sluice-error.ts";
