// A pool that fails to start its runtime could fall back to Node and test the wrong thing in silence.
if (navigator.userAgent !== "Cloudflare-Workers") {
  throw new Error(`runtime tests must run on workerd, not on ${navigator.userAgent}`);
}
