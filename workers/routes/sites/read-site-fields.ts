import type { FieldReader } from "@sluice/protocol";
import {
  DIFFICULTIES,
  RECORD_LIMITS,
  SITE_MODES,
  type SitePatch,
  type SitePolicy,
} from "../../../durable-objects/registry/rpc.ts";
import { readRecording } from "./read-recording.ts";

/** A host as browsers name it in an origin, or all hosts under one: `*.` and at least two labels. */
const LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const HOSTNAME = new RegExp(`^(\\*\\.${LABEL}(\\.${LABEL})+|${LABEL}(\\.${LABEL})*)$`);

/** What a site's owner decides of it. */
export type SiteFields = Required<SitePatch>;

const USUAL_POLICY: SitePolicy = { difficulty: "normal", enrols: false };

/** The fields of a new site; all but `name` and `hostnames` have a usual value. */
export function readSite(fields: FieldReader): SiteFields {
  return {
    mode: "managed",
    threshold: 0.5,
    policy: USUAL_POLICY,
    recording: null,
    ...readSitePatch(fields),
    name: readName(fields),
    hostnames: readHostnames(fields),
  };
}

/** Those fields of a site that are to be changed. */
export function readSitePatch(fields: FieldReader): SitePatch {
  return {
    ...(fields.has("name") && { name: readName(fields) }),
    ...(fields.has("hostnames") && { hostnames: readHostnames(fields) }),
    ...(fields.has("mode") && { mode: fields.oneOf("mode", SITE_MODES) }),
    ...(fields.has("threshold") && { threshold: fields.amount("threshold", 1, "refuse") }),
    ...(fields.has("policy") && { policy: readPolicy(fields.nested("policy")) }),
    ...(fields.has("recording") && { recording: readRecording(fields) }),
  };
}

function readName(fields: FieldReader): string {
  return fields.name("name", RECORD_LIMITS.nameCharacters);
}

/** 1 to 64 hostnames, lower case, each kept once. */
function readHostnames(fields: FieldReader): string[] {
  const hostnames = fields.list("hostnames", RECORD_LIMITS.hostnames);
  const fits = hostnames.length > 0 && hostnames.every(isHostname);
  if (!fits) fields.refuse("hostnames", "must hold lower-case hostnames, such as www.example.com");
  return fits ? [...new Set(hostnames as readonly string[])] : [];
}

function isHostname(value: unknown): boolean {
  return (
    typeof value === "string" &&
    value.length <= RECORD_LIMITS.hostnameCharacters &&
    HOSTNAME.test(value)
  );
}

function readPolicy(fields: FieldReader): SitePolicy {
  return {
    difficulty: fields.oneOf("difficulty", DIFFICULTIES),
    enrols: fields.flag("enrols"),
  };
}
