import { createOperator, enrolClient } from "@sluice/sdk/operator";
import type { Enrolled } from "./operator.ts";
import type { Running } from "./running.ts";

/** Enrolments under way at a time: enough to keep the runtime busy, and no queue in it. */
const AT_A_TIME = 32;

/** Enrols a fleet with one enrolment token. */
export async function enrolMany(running: Running, count: number): Promise<readonly Enrolled[]> {
  const { service, operatorKey } = running;
  const { token } = await createOperator({
    url: service.url,
    key: operatorKey,
  }).createEnrolmentToken();
  const fleet: Enrolled[] = [];
  let begun = 0;
  const enrolNext = async () => {
    while (begun < count) {
      const name = `machine ${begun++}`;
      fleet.push(await enrolClient({ url: service.url, token, name }));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, enrolNext));
  return fleet;
}
