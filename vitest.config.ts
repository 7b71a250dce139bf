import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { buildWidget } from "./scripts/build-widget.ts";
import { OFFLINE_ENVIRONMENT } from "./scripts/bundle.ts";
import { ADMIN_SECRET, KEY_RING } from "./test/builders/secrets.ts";

// The secrets come as bindings, so wrangler's warning that it finds none says nothing.
Object.assign(process.env, OFFLINE_ENVIRONMENT, { WRANGLER_LOG: "error" });

// The Worker imports what this makes; every project but the plainest needs it.
await buildWidget();

const SECOND_MS = 1_000;

/** Real runtimes on a busy machine: a test that hangs fails, one that is slow does not. */
const PATIENCE = { testTimeout: 60 * SECOND_MS, hookTimeout: 60 * SECOND_MS };

export default defineConfig({
  test: {
    projects: [
      {
        // Pure modules and whatever needs no runtime, in plain Node.
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts", "packages/*/test/**/*.test.ts"],
          testTimeout: 20 * SECOND_MS,
          sequence: { groupOrder: 0 },
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
          setupFiles: ["./test/runtime/assert-workerd.ts"],
          sequence: { groupOrder: 1 },
          ...PATIENCE,
        },
      },
      {
        // The service as it runs for its users, over real sockets; one file at a time.
        test: {
          name: "harness",
          include: ["test/harness/**/*.test.ts"],
          globalSetup: ["./test/harness/build-once.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          ...PATIENCE,
        },
      },
      {
        // The widget in a real browser, against the service as it runs; one file at a time.
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["./test/harness/build-once.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 3 },
          ...PATIENCE,
        },
      },
    ],
  },
});
