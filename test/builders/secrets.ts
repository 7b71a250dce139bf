/** Key ring of every test; worth nothing elsewhere. */
export const KEY_RING = "1:dGVzdC1rZXktcmluZy10ZXN0LWtleS1yaW5nLXRlc3Q";

export const ADMIN_SECRET = "admin-secret-of-the-tests";
