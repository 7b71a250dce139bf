import {
  isTrouble,
  type RuntimeLogLine,
  type Service,
  type ServiceOptions,
  startService,
} from "../../scripts/service.ts";
import { operatorKey } from "../builders/keys.ts";
import { ADMIN_SECRET, KEY_RING } from "../builders/secrets.ts";
import { Operator } from "./operator.ts";

/** So high that no limit speaks in place of what a test is about. */
export const NO_LIMITS = {
  ADDRESS_LIMIT: 1e9,
  KEY_LIMIT: 1e9,
  SITE_LIMIT: 1e9,
  CLIENT_LIMIT: 1e9,
} as const;

/** A service with the secrets of the tests, and someone who may call it. */
export interface Running {
  readonly service: Service;
  readonly operator: Operator;
  readonly operatorKey: string;
  /** Whatever the runtime complained of; a test that provokes nothing expects it empty. */
  readonly troubles: RuntimeLogLine[];
}

/** Starts the project's Worker without rate limits. The caller stops `service`. */
export async function runSluice(options: Partial<ServiceOptions> = {}): Promise<Running> {
  const troubles: RuntimeLogLine[] = [];
  const service = await startService({
    keyRing: KEY_RING,
    adminSecret: ADMIN_SECRET,
    rateLimits: NO_LIMITS,
    onLog: (line) => {
      if (isTrouble(line)) troubles.push(line);
    },
    ...options,
  });
  // Another Worker in place of the project's has no accounts.
  const key = options.modules === undefined ? await operatorKey(service.url) : "";
  return { service, operator: new Operator(service.url, key), operatorKey: key, troubles };
}
