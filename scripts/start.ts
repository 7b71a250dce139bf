import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type DemoOptions, type DemoServer, serveDemo } from "./demo-site/server.ts";
import { demoKeys } from "./demo-site/sites.ts";
import { operatorKeyOf } from "./first-account.ts";
import { loadSecrets } from "./secrets.ts";
import { PortTakenError, type Service, startService } from "./service.ts";

const DEFAULT_PORT = 8787;
const DEFAULT_DEMO_PORT = 8788;
const DEFAULT_STORAGE = ".sluice";

const USAGE = `npm start -- [--port ${DEFAULT_PORT}] [--demo-port ${DEFAULT_DEMO_PORT}] [--storage ${DEFAULT_STORAGE}]`;

/** What the command line asks for. A port of 0 is any free one. */
interface Arguments {
  readonly port: number;
  /** Null: the usual one, or any free one where that is taken. */
  readonly demoPort: number | null;
  readonly storage: string;
}

/**
 * Starts the service with storage and secrets in a folder. Ctrl-C ends it: miniflare ends the runtime when
 * its process is told to end, and what is stored is safe at every moment.
 */
async function main(): Promise<void> {
  const { port, demoPort, storage } = readArguments();
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

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: String(DEFAULT_PORT) },
      "demo-port": { type: "string" },
      storage: { type: "string", default: DEFAULT_STORAGE },
    },
  });
  const demoPort = values["demo-port"];
  return {
    port: portOf("--port", values.port),
    demoPort: demoPort === undefined ? null : portOf("--demo-port", demoPort),
    storage: resolve(values.storage),
  };
}

function portOf(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Error(`${option} must be a number from 0 to 65535\n${USAGE}`);
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
