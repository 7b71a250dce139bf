/** The wire between a visitor's browser and the verification. */
export * from "./limits.ts";
export * from "./parse-requests.ts";
export * from "./parse-track.ts";
export * from "./proof-of-work.ts";
export * from "./types.ts";
