import { join } from "node:path";
import { type DemoOptions, type DemoServer, serveDemo } from "./demo-site/server.ts";
import { demoKeys } from "./demo-site/sites.ts";
import { operatorKeyOf } from "./first-account.ts";
import { loadSecrets } from "./secrets.ts";
import { PortTakenError, type Service, startService } from "./service.ts";
import { DEFAULT_DEMO_PORT, DEFAULT_STORAGE, readStartArguments } from "./start-arguments.ts";

/**
 * Starts the service with storage and secrets in a folder. Ctrl-C ends it: miniflare ends the runtime when
 * its process is told to end, and what is stored is safe at every moment.
 */
async function main(): Promise<void> {
  const { port, demoPort, storage } = readStartArguments(process.argv.slice(2));
  const path = join(storage, "secrets.json");
  const secrets = await loadSecrets(path);
  const starting = startService({ port, persistTo: join(storage, "state"), ...secrets });
  const service = await orChooseAnother("--port 8790", starting);
  const operatorKey = await operatorKeyOf(service.url, secrets, path);
  const keys = await demoKeys(service.url, operatorKey, join(storage, "demo-sites.json"));
  const demo = await serveDemoAt(demoPort, { service: service.url, keys, operatorKey });
  console.log(welcome(service, operatorKey, demo.url));
}

function serveDemoAt(port: number | null, site: Omit<DemoOptions, "port">): Promise<DemoServer> {
  if (port !== null) return orChooseAnother("--demo-port 8791", serveDemo({ ...site, port }));
  return serveDemo({ ...site, port: DEFAULT_DEMO_PORT }).catch(() =>
    serveDemo({ ...site, port: 0 }),
  );
}

/** Names the way out where a port is taken. */
async function orChooseAnother<Started>(option: string, start: Promise<Started>): Promise<Started> {
  try {
    return await start;
  } catch (error) {
    if (!(error instanceof PortTakenError)) throw error;
    throw new Error(`${error.message}; choose another: npm start -- ${option}`);
  }
}

function welcome({ url }: Service, operatorKey: string, demo: string): string {
  return `Sluice runs at ${url} (Ctrl-C stops it)

Human verification to try out: ${demo}

In a second terminal, an agent that does tasks on this machine:

  export SLUICE_URL=${url}
  export SLUICE_KEY=${operatorKey}
  export SLUICE_ENROL_TOKEN=$(npm run -s sluice -- enrol-token)
  npm run -s sluice -- agent --state ${DEFAULT_STORAGE}/agent

In a third one, with the client id that the agent shows:

  export SLUICE_URL=${url}
  export SLUICE_KEY=${operatorKey}
  npm run -s sluice -- task CLIENT system.info --rows
`;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
