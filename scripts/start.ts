import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { serveDemo } from "./demo-site/server.ts";
import { demoKeys } from "./demo-site/sites.ts";
import { operatorKeyOf } from "./first-account.ts";
import { loadSecrets } from "./secrets.ts";
import { PortTakenError, type Service, startService } from "./service.ts";

const DEFAULT_PORT = 8787;
const DEFAULT_DEMO_PORT = 8788;
const DEFAULT_STORAGE = ".sluice";

const USAGE = `npm start -- [--port ${DEFAULT_PORT}] [--storage ${DEFAULT_STORAGE}]`;

/**
 * Starts the service with storage and secrets in a folder. Ctrl-C ends it: miniflare ends the runtime when
 * its process is told to end, and what is stored is safe at every moment.
 */
async function main(): Promise<void> {
  const { port, storage } = readArguments();
  const path = join(storage, "secrets.json");
  const secrets = await loadSecrets(path);
  const service = await startService({ port, persistTo: join(storage, "state"), ...secrets });
  const operatorKey = await operatorKeyOf(service.url, secrets, path);
  const keys = await demoKeys(service.url, operatorKey, join(storage, "demo-sites.json"));
  const site = { service: service.url, keys, operatorKey, port: DEFAULT_DEMO_PORT };
  console.log(welcome(service, operatorKey, (await serveDemo(site)).url));
}

function readArguments(): { port: number; storage: string } {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(DEFAULT_PORT) },
      storage: { type: "string", default: DEFAULT_STORAGE },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error(`--port must be a number from 0 to 65535\n${USAGE}`);
  }
  return { port, storage: resolve(values.storage) };
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
  const message = error instanceof Error ? error.message : String(error);
  const hint = error instanceof PortTakenError ? "; choose another: npm start -- --port 8788" : "";
  console.error(message + hint);
  process.exit(1);
});
