import { readFile, writeFile } from "node:fs/promises";
import { createOperator } from "../../packages/sdk/src/operator/index.ts";

/** The modes, and one site whose verified visitors may become clients. */
export const DEMO_SITES = ["managed", "invisible", "slider", "socket"] as const;
export type DemoSite = (typeof DEMO_SITES)[number];

export interface SiteKeys {
  readonly sitekey: string;
  readonly secret: string;
}
export type DemoKeys = Readonly<Record<DemoSite, SiteKeys>>;

/** Only the user who started the service may read the sites' secrets. */
const OWNER_ONLY = 0o600;
const HOSTNAMES = ["localhost", "127.0.0.1"];

/** The demonstration's sites: those of the last start that the service still has, and new ones for the others. */
export async function demoKeys(url: string, operatorKey: string, path: string): Promise<DemoKeys> {
  const operator = createOperator({ url, key: operatorKey });
  const kept = await readKept(path);
  const entries = await Promise.all(
    DEMO_SITES.map(async (name): Promise<[DemoSite, SiteKeys]> => {
      const known = kept[name];
      const stands =
        known !== undefined &&
        (await operator.sites.get(known.sitekey).then(
          () => true,
          () => false,
        ));
      if (stands) return [name, known];
      const { sitekey, secret } = await operator.sites.create({
        name: `demonstration: ${name}`,
        hostnames: HOSTNAMES,
        mode: name === "socket" ? "managed" : name,
        policy: { difficulty: "normal", enrols: name === "socket" },
      });
      return [name, { sitekey, secret }];
    }),
  );
  const keys = Object.fromEntries(entries) as DemoKeys;
  await writeFile(path, `${JSON.stringify(keys, null, 2)}\n`, { mode: OWNER_ONLY });
  return keys;
}

async function readKept(path: string): Promise<Partial<DemoKeys>> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    // The first start, or a file that something else wrote into: the sites are made anew.
    return {};
  }
}
