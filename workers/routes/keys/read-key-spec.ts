import type { FieldReader } from "@sluice/protocol";
import { KEY_ROLES, type KeyRole, RECORD_LIMITS } from "../../../durable-objects/registry/rpc.ts";
import type { KeySpec } from "../../accounts/issue-key.ts";

/** The fields of a new operator key. */
export function readKeySpec(fields: FieldReader, usualRole: KeyRole): KeySpec {
  return {
    label: readLabel(fields),
    role: fields.has("role") ? fields.oneOf("role", KEY_ROLES) : usualRole,
  };
}

/** The field `label`: words by which people know a key or token; may be left out. */
export function readLabel(fields: FieldReader): string {
  return fields.has("label") ? fields.name("label", RECORD_LIMITS.nameCharacters) : "";
}
