import type { Stage } from "./stage.ts";

/** How to look around in a service that keeps running, for a second terminal. */
export function invitation({ url, operatorKey }: Stage, clientId: string): readonly string[] {
  return [
    "The service and the first agent keep running; Ctrl-C ends both. In a second terminal:",
    "",
    `  export SLUICE_URL=${url}`,
    `  export SLUICE_KEY=${operatorKey}`,
    `  npm run -s sluice -- client ${clientId}`,
    `  npm run -s sluice -- tasks ${clientId} --limit 5`,
    `  npm run -s sluice -- task ${clientId} process.list --arg limit=5 --rows`,
    `  npm run -s sluice -- watch ${clientId}`,
  ];
}
