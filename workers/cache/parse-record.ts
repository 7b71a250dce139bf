import {
  type AccountId,
  FieldReader,
  type FirstFault,
  fail,
  ok,
  parseJson,
  type Result,
} from "@sluice/protocol";
import { RECORDING_LIMITS } from "../../durable-objects/recorder/rpc.ts";
import {
  ACCOUNT_LIMITS,
  DIFFICULTIES,
  KEY_ROLES,
  type PublishedRecord,
  RECORD_FORM,
  RECORD_LIMITS,
  type RecordHeader,
  type RecordKind,
  type Records,
  type SecretHash,
  SITE_MODES,
  type SiteMode,
  type SitePolicy,
  splitRecordKey,
} from "../../durable-objects/registry/rpc.ts";

/** More than the largest record there can be: 64 hostnames of 255 characters and 32 labels of 128. */
const MAX_CHARACTERS = 32 * 1024;
const MAX_DEPTH = 4;
const HASH = /^[0-9a-f]{64}$/;
/** The 64 bytes of a signing state, base64url. */
const SIGNING = /^[\w-]{86}$/;

type BodyReader<Kind extends RecordKind> = (
  fields: FieldReader,
  header: RecordHeader<Kind>,
) => Records[Kind];

const READERS: { readonly [Kind in RecordKind]: BodyReader<Kind> } = {
  account: (fields, header) => ({
    ...header,
    limits: readLimits(fields.nested("limits")),
    suspendedAtMs: timeOrNull(fields, "suspendedAtMs"),
  }),
  operator: (fields, header) => ({
    ...header,
    role: fields.oneOf("role", KEY_ROLES),
    ...readRevocable(fields),
  }),
  enrolment: (fields, header) => ({
    ...header,
    labels: readTexts(fields, "labels", RECORD_LIMITS.labels, RECORD_LIMITS.labelCharacters),
    uses: fields.has("uses") ? fields.integer("uses", 1) : null,
    expiresAtMs: fields.integer("expiresAtMs", 0),
    ...readRevocable(fields),
  }),
  site: (fields, header) => ({
    ...header,
    hostnames: readTexts(
      fields,
      "hostnames",
      RECORD_LIMITS.hostnames,
      RECORD_LIMITS.hostnameCharacters,
    ),
    mode: readMode(fields),
    threshold: fields.amount("threshold", 1, "refuse"),
    policy: readPolicy(fields.nested("policy")),
    recordedPercent: fields.has("recordedPercent")
      ? fields.integer("recordedPercent", 1, RECORDING_LIMITS.sharePercent.most)
      : null,
    ...readRevocable(fields),
  }),
};

/**
 * Reads the text that stands in KV under a record's name. Strict: a text that is not wholly understood, of
 * another form, or of another thing than the name says, is `corrupt`, which is a failure and not a no.
 */
export function parseRecord(key: string, text: string): Result<PublishedRecord, "corrupt"> {
  const name = splitRecordKey(key);
  const json = text.length > MAX_CHARACTERS ? fail("too_long") : parseJson(text, MAX_DEPTH);
  if (name === null || !json.ok) return fail("corrupt");
  const faults: FirstFault = { detail: null };
  const fields = new FieldReader(json.value, "", faults);
  const account = fields.id<AccountId>("account");
  const version = fields.integer("version", 1);
  fields.integer("v", RECORD_FORM, RECORD_FORM);
  const kind = fields.oneOf("kind", ["deleted", name.kind]);
  const record: PublishedRecord =
    kind === "deleted"
      ? { v: RECORD_FORM, kind, version, account, deletedAtMs: fields.integer("deletedAtMs", 0) }
      : readLive(name.kind, fields, version, account);
  return faults.detail === null && account === name.account ? ok(record) : fail("corrupt");
}

function readLive<Kind extends RecordKind>(
  kind: Kind,
  fields: FieldReader,
  version: number,
  account: AccountId,
): Records[Kind] {
  return READERS[kind](fields, { v: RECORD_FORM, kind, version, account });
}

function readRevocable(fields: FieldReader) {
  return {
    // Copied, because an array that was pushed to keeps room for more.
    secrets: [...fields.each("secrets", RECORD_LIMITS.secrets, readSecret)],
    revokedAtMs: timeOrNull(fields, "revokedAtMs"),
  };
}

function readSecret(fields: FieldReader): SecretHash {
  return {
    hash: fields.name("hash", 64, HASH),
    untilMs: timeOrNull(fields, "untilMs"),
    ...(fields.has("signing") && { signing: fields.name("signing", 86, SIGNING) }),
  };
}

function readLimits(fields: FieldReader) {
  const limit = (name: keyof typeof ACCOUNT_LIMITS) =>
    fields.integer(name, 0, ACCOUNT_LIMITS[name].most);
  return {
    requestsPerMinute: limit("requestsPerMinute"),
    requestsInFlight: limit("requestsInFlight"),
    clients: limit("clients"),
    sites: limit("sites"),
    keys: limit("keys"),
    enrolmentTokens: limit("enrolmentTokens"),
  };
}

/** Records that were published before the mode `managed` had this name; the registry replaces them. */
const FORMER_MANAGED = "adaptive";

function readMode(fields: FieldReader): SiteMode {
  const mode = fields.oneOf("mode", [...SITE_MODES, FORMER_MANAGED]);
  return mode === FORMER_MANAGED ? "managed" : mode;
}

/** One object for each policy that there can be, whatever the number of sites. */
const POLICIES: readonly SitePolicy[] = DIFFICULTIES.flatMap((difficulty) =>
  [true, false].map((enrols) => ({ difficulty, enrols })),
);

function readPolicy(fields: FieldReader): SitePolicy {
  const policy = {
    difficulty: fields.oneOf("difficulty", DIFFICULTIES),
    enrols: fields.flag("enrols"),
  };
  const shared = POLICIES.find(
    ({ difficulty, enrols }) => difficulty === policy.difficulty && enrols === policy.enrols,
  );
  return shared ?? policy;
}

function readTexts(fields: FieldReader, name: string, most: number, characters: number): string[] {
  return fields.list(name, most).map((element) => {
    const valid = typeof element === "string" && element !== "" && element.length <= characters;
    if (!valid) fields.refuse(name, "must hold short strings");
    return valid ? element : "";
  });
}

function timeOrNull(fields: FieldReader, name: string): number | null {
  return fields.has(name) ? fields.integer(name, 0) : null;
}
