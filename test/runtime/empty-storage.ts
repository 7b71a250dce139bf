import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll } from "vitest";

/** What the files before this one stored is gone: they share a runtime, whose start is what takes long. */
beforeAll(async () => {
  await reset();
  for (;;) {
    const { keys } = await env.CACHE.list();
    if (keys.length === 0) return;
    await Promise.all(keys.map(({ name }) => env.CACHE.delete(name)));
  }
});
