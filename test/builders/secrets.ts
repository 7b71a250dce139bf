/** Key ring of every test: made once by `generateKeyRing()`, worth nothing elsewhere. */
export const KEY_RING = "placeholder";

export const ADMIN_SECRET = "admin-secret-of-the-tests-0123456789";
