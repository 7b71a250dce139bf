import type { AccountId } from "@sluice/protocol";
import type { Recording } from "../../durable-objects/recorder/rpc.ts";
import type { Specs } from "../../durable-objects/registry/rpc.ts";

let made = 0;

/** An id that no other test of this file has, in the alphabet of key ids. */
export function freshId(): string {
  made += 1;
  return `${made.toString(32).padStart(8, "0")}${"0".repeat(12)}`;
}

/** An account that no other test of this file has. */
export function freshAccount(): AccountId {
  return `ac_${freshId().slice(0, 13)}` as AccountId;
}

/** The hash that a secret would have if it were this digit, 64 times. */
export function hashOf(digit: string): string {
  return digit.repeat(64);
}

export function aKey(overrides: Partial<Specs["operator"]> = {}): Specs["operator"] {
  return { id: freshId(), secretHash: hashOf("a"), label: "ci", role: "operator", ...overrides };
}

export function aToken(overrides: Partial<Specs["enrolment"]> = {}): Specs["enrolment"] {
  return {
    id: freshId(),
    secretHash: hashOf("b"),
    label: "fleet",
    labels: ["eu"],
    uses: null,
    expiresAtMs: Date.parse("2100-01-01T00:00:00Z"),
    ...overrides,
  };
}

export function aSite(overrides: Partial<Specs["site"]> = {}): Specs["site"] {
  return {
    id: freshId(),
    secretHash: hashOf("c"),
    name: "shop",
    sitekey: "site_of_the_tests",
    hostnames: ["shop.example"],
    mode: "managed",
    threshold: 0.5,
    policy: { difficulty: "normal", enrols: false },
    recording: null,
    ...overrides,
  };
}

export function aRecording(overrides: Partial<Recording> = {}): Recording {
  return { label: "human", source: "staff", sharePercent: 100, days: 7, ...overrides };
}
