import type { AccountId } from "@sluice/protocol";

/** The object that lists all accounts. */
export const ROOT_OBJECT = "root";
export type AccountObjectName = `account:${AccountId}`;
export type EnrolmentObjectName = `enrolment:${string}`;

/** Name of the object that holds one account. */
export function accountObject(account: AccountId): AccountObjectName {
  return `account:${account}`;
}

/** Name of the object that counts the uses of one enrolment token; `keyId` as in its record. */
export function enrolmentObject(keyId: string): EnrolmentObjectName {
  return `enrolment:${keyId}`;
}

/** What a registry object is for. */
export type RegistryRole =
  | { readonly kind: "root" }
  | { readonly kind: "account"; readonly account: AccountId }
  | { readonly kind: "enrolment"; readonly keyId: string };

/** Reads an object's role from its name; null for a name that nothing of ours made. */
export function roleOfName(name: string | undefined): RegistryRole | null {
  if (name === ROOT_OBJECT) return { kind: "root" };
  const [kind, id, ...rest] = name?.split(":") ?? [];
  if (!id || rest.length > 0) return null;
  if (kind === "account") return { kind, account: id as AccountId };
  return kind === "enrolment" ? { kind, keyId: id } : null;
}
