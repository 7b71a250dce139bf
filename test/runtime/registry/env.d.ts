import type { Registry } from "../../../durable-objects/registry/object.ts";

declare global {
  namespace Cloudflare {
    /** The bindings that these tests use. */
    interface Env {
      CACHE: KVNamespace;
      REGISTRY: DurableObjectNamespace<Registry>;
    }
  }
}
