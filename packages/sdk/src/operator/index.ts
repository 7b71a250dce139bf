export { type Enrolled, type EnrolOptions, enrolClient } from "./enrol.ts";
export type { HttpOptions } from "./http.ts";
export {
  type CallOptions,
  type ClientChanges,
  createOperator,
  type EnrolmentToken,
  type ListOptions,
  Operator,
  type OperatorOptions,
} from "./operator.ts";
export { Paged } from "./paged.ts";
export type { RetryPolicy } from "./retry-policy.ts";
export { PartialScheduleError, SluiceError } from "./sluice-error.ts";
