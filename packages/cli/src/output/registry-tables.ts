import type {
  AccountSummary,
  AccountView,
  AuditEntry,
  EnrolmentTokenView,
  OperatorKeyView,
  Recording,
  SiteView,
} from "@sluice/sdk/operator";
import { fieldLines } from "./fields.ts";
import { plainText } from "./plain-text.ts";
import { type Column, table } from "./table.ts";
import type { Terminal } from "./terminal.ts";

interface Revocable {
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** Draws rows of the registry as a table, one line each. */
function drawing<Row>(columns: readonly Column<Row>[]) {
  return (rows: readonly Row[], { width }: Terminal) => table(columns, rows, width);
}

const CREATED = { title: "CREATED", cell: ({ createdAt }: Revocable) => createdAt };
const REVOKED = { title: "REVOKED", cell: ({ revokedAt }: Revocable) => revokedAt };

export const accountTable = drawing<AccountSummary>([
  { title: "ACCOUNT", cell: ({ id }) => id },
  { title: "NAME", cell: ({ name }) => name },
  { title: "CREATED", cell: ({ createdAt }) => createdAt },
  { title: "SUSPENDED", cell: ({ suspendedAt }) => suspendedAt },
]);

export const keyTable = drawing<OperatorKeyView>([
  { title: "KEY", cell: ({ id }) => id },
  { title: "ROLE", cell: ({ role }) => role },
  { title: "LABEL", cell: ({ label }) => label },
  CREATED,
  { title: "OLD KEY UNTIL", cell: ({ oldSecretUntil }) => oldSecretUntil },
  REVOKED,
]);

export const tokenTable = drawing<EnrolmentTokenView>([
  { title: "TOKEN", cell: ({ id }) => id },
  { title: "LABEL", cell: ({ label }) => label },
  { title: "GIVES LABELS", cell: ({ labels }) => labels.join(", ") },
  { title: "USES", cell: ({ uses }) => uses ?? "any", align: "right" },
  { title: "EXPIRES", cell: ({ expiresAt }) => expiresAt },
  REVOKED,
]);

export const siteTable = drawing<SiteView>([
  { title: "SITEKEY", cell: ({ sitekey }) => sitekey },
  { title: "NAME", cell: ({ name }) => name },
  { title: "HOSTNAMES", cell: ({ hostnames }) => hostnames.join(", ") },
  { title: "MODE", cell: ({ mode }) => mode },
  { title: "THRESHOLD", cell: ({ threshold }) => threshold, align: "right" },
]);

export const auditTable = drawing<AuditEntry>([
  { title: "AT", cell: ({ at }) => at },
  { title: "BY", cell: ({ by }) => by },
  { title: "ACTION", cell: ({ action }) => action },
  { title: "WHAT", cell: ({ target }) => target.kind },
  { title: "ID", cell: ({ target }) => target.id },
  { title: "FIELDS", cell: ({ fields }) => fields.join(", ") },
]);

/** Describes one account. */
export function accountDetails(account: AccountView, { colours }: Terminal): string[] {
  const mark = account.suspendedAt === null ? "" : `  ${colours.yellow("suspended")}`;
  return [
    colours.bold(plainText(account.id)) + mark,
    ...fieldLines([
      ["name", account.name],
      ["created", account.createdAt],
      ["suspended", account.suspendedAt],
      ...Object.entries(account.limits),
    ]),
  ];
}

/** Describes one site. */
export function siteDetails(site: SiteView, { colours }: Terminal): string[] {
  const { mode, threshold, policy, recording } = site;
  return [
    colours.bold(plainText(site.sitekey)),
    ...fieldLines([
      ["name", site.name],
      ["hostnames", site.hostnames.join(", ")],
      ["mode", mode],
      ["threshold", threshold],
      ["difficulty", policy.difficulty],
      ["enrols visitors", policy.enrols ? "yes" : "no"],
      ["keeps tracks", recording ? describeRecording(recording) : "none"],
      ["created", site.createdAt],
      ["old secret until", site.oldSecretUntil],
    ]),
  ];
}

function describeRecording({ label, source, sharePercent, days }: Recording): string {
  const named = source === null ? "" : ` as ${source}`;
  return `${sharePercent}% as ${label}${named}, for ${days} days`;
}
