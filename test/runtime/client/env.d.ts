declare global {
  namespace Cloudflare {
    /** The bindings that these tests use. */
    interface Env {
      CLIENT: DurableObjectNamespace;
    }
  }
}

export {};
