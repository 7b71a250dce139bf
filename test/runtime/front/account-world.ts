import { ADMIN_SECRET } from "../../builders/secrets.ts";
import type { Caller } from "./access.ts";
import type { RealFront } from "./real-front.ts";

/** Stands in every name of the account, so that its data is known wherever it shows. */
export const MARK = "acme-zq9";

/** Keys of every kind; null for who has none. */
export type Keys = Record<Caller, string | null>;

export interface World {
  readonly keys: Keys;
  /** The public key of the account's site. */
  readonly sitekey: string;
}

/** An account with something of every kind, and everyone who may come to its doors. */
export async function openWorld(front: RealFront): Promise<World> {
  const { adminKey } = await front.openAccount(MARK);
  const make = (path: string, body: object) => front.ask(adminKey, "POST", path, body);
  const [viewer, operator, revoked, removed] = await Promise.all(
    (["viewer", "operator", "admin", "admin"] as const).map((role) =>
      make("/v1/keys", { label: MARK, role }),
    ),
  );
  await make(`/v1/keys/${revoked.id}/revoke`, {});
  await front.ask(adminKey, "DELETE", `/v1/keys/${removed.id}`);
  const token = await make("/v1/enrolment-tokens", { label: MARK });
  const client = await make("/v1/enrol", { token: token.token, name: MARK });
  const site = await make("/v1/sites", { name: MARK, hostnames: ["shop.example"] });
  const [stranger, suspended, closed] = await Promise.all(
    ["stranger", "suspended", "closed"].map((name) => front.openAccount(name)),
  );
  await front.ask(ADMIN_SECRET, "PATCH", `/v1/accounts/${suspended?.id}`, { suspended: true });
  await front.ask(ADMIN_SECRET, "DELETE", `/v1/accounts/${closed?.id}`);
  const keys: Keys = {
    nobody: null,
    "a forged key": `${adminKey.slice(0, -3)}${adminKey.endsWith("AAA") ? "BBB" : "AAA"}`,
    "a viewer key": viewer.key,
    "an operator key": operator.key,
    "an admin key": adminKey,
    "another account's admin key": stranger?.adminKey ?? null,
    "an enrolment token": token.token,
    "a client token": client.token,
    "a site secret": site.secret,
    "the platform's admin": ADMIN_SECRET,
    "a revoked key": revoked.key,
    "a deleted key": removed.key,
    "a key of a suspended account": suspended?.adminKey ?? null,
    "a key of a closed account": closed?.adminKey ?? null,
  };
  return { keys, sitekey: site.sitekey };
}

/** The path of a route to things of the account that were made for this call alone. */
export async function freshPath(
  front: RealFront,
  adminKey: string,
  route: string,
): Promise<string> {
  const path = route.slice(route.indexOf(" ") + 1);
  const make = (at: string, body: object) => front.ask(adminKey, "POST", at, body);
  if (!path.includes("/:")) return path;
  if (path.startsWith("/v1/accounts")) {
    return path.replace(":id", (await front.openAccount(MARK)).id);
  }
  if (path.startsWith("/v1/keys")) {
    return path.replace(":id", (await make("/v1/keys", { label: MARK })).id);
  }
  if (path.startsWith("/v1/sites")) {
    const site = await make("/v1/sites", { name: MARK, hostnames: ["shop.example"] });
    return path.replace(":sitekey", site.sitekey);
  }
  const token = await make("/v1/enrolment-tokens", { label: MARK });
  if (path.startsWith("/v1/enrolment-tokens")) return path.replace(":id", token.id);
  const { clientId } = await make("/v1/enrol", { token: token.token, name: MARK });
  const { tasks } = await make(`/v1/clients/${clientId}/tasks`, { tasks: [{ kind: MARK }] });
  return path.replace(":id", clientId).replace(":task", tasks[0].id);
}
