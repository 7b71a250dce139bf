import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { buildWidget } from "./scripts/build-widget.ts";
import { OFFLINE_ENVIRONMENT } from "./scripts/bundle.ts";
import { searchSize } from "./test/builders/search-size.ts";
import { ADMIN_SECRET, KEY_RING } from "./test/builders/secrets.ts";

// The secrets come as bindings, so wrangler's warning that it finds none says nothing.
Object.assign(process.env, OFFLINE_ENVIRONMENT, { WRANGLER_LOG: "error" });

// The Worker imports what this makes; every project but the plainest needs it.
await buildWidget();

/** What Node compiled once: the hundreds of processes that tests start are up in half the time. */
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL("node_modules/.cache/node-compile/", import.meta.url),
);

const SECOND_MS = 1_000;

/** On a busy machine: a test that hangs fails, one that is slow does not. */
const PATIENCE = {
  testTimeout: searchSize(120, 3_600) * SECOND_MS,
  hookTimeout: 120 * SECOND_MS,
  expect: { poll: { timeout: 30 * SECOND_MS } },
};

/** All cores; the runner itself is idle most of the time. */
const WORKERS = availableParallelism();

/** Where tests wait for sockets, timers and pages more than they work. */
const WAITING_WORKERS = WORKERS + 1;

/**
 * Files of a project share a process, for to start one and to load what all of them import takes longer than
 * most files do.
 */
const SHARED = { isolate: false, maxWorkers: WORKERS, setupFiles: ["./test/leave-no-trace.ts"] };

export default defineConfig({
  test: {
    projects: [
      {
        // Pure modules and whatever needs no runtime, in plain Node.
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "packages/*/test/**/*.test.ts"],
          sequence: { groupOrder: 0 },
          ...SHARED,
          ...PATIENCE,
        },
      },
      {
        // Inside workerd, with the bindings of wrangler.toml.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: { bindings: { KEY_RING, ADMIN_SECRET }, cf: false },
          }),
        ],
        test: {
          name: "runtime",
          include: ["test/runtime/**/*.test.ts"],
          sequence: { groupOrder: 1 },
          ...SHARED,
          setupFiles: [
            ...SHARED.setupFiles,
            "./test/runtime/assert-workerd.ts",
            "./test/runtime/empty-storage.ts",
          ],
          ...PATIENCE,
        },
      },
      {
        // The service as it runs for its users, over real sockets.
        test: {
          name: "harness",
          include: ["test/harness/**/*.test.ts"],
          globalSetup: ["./test/harness/build-once.ts"],
          sequence: { groupOrder: 2 },
          ...SHARED,
          maxWorkers: WAITING_WORKERS,
          ...PATIENCE,
        },
      },
      {
        // The widget in a real browser, against the service as it runs.
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["./test/harness/build-once.ts"],
          sequence: { groupOrder: 3 },
          ...SHARED,
          maxWorkers: WAITING_WORKERS,
          ...PATIENCE,
        },
      },
    ],
  },
});
