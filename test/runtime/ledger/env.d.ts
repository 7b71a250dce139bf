import type { Ledger } from "../../../durable-objects/ledger/object.ts";

declare global {
  namespace Cloudflare {
    /** The bindings that these tests use. */
    interface Env {
      LEDGER: DurableObjectNamespace<Ledger>;
    }
  }
}
