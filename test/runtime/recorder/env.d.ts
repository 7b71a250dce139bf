import type { Recorder } from "../../../durable-objects/recorder/object.ts";

declare global {
  namespace Cloudflare {
    /** The bindings that these tests use. */
    interface Env {
      RECORDER: DurableObjectNamespace<Recorder>;
    }
  }
}
