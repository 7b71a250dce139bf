/**
 * Keys and ids that prove by arithmetic that this deployment made them. Runs in the Worker and in
 * Node.
 */
export { FIRST_ACCOUNT, formatAccountId, parseAccountId } from "./account-id.ts";
export { decodeBase32, encodeBase32 } from "./base32.ts";
export { equalBytes, timeOf } from "./bytes.ts";
export { cachedKeyRing } from "./cached-key-ring.ts";
export {
  type ClientIdentity,
  clientOfToken,
  mintClient,
  mintTokenFor,
  verifyClientId,
} from "./client-id.ts";
export { ACCOUNT_BYTES, KEY_ID_BYTES, KEY_PREFIXES, type KeyKind } from "./key-format.ts";
export { generateKeyRing, type KeyRing, parseKeyRing } from "./key-ring.ts";
export {
  cryptoRandomBytes,
  type KeyOwner,
  mintKey,
  type RandomBytes,
  timedKeyId,
} from "./mint-key.ts";
export { isSignedWith, signingStateOf } from "./signing-state.ts";
export { hashKey, type KeyFault, type VerifiedKey, verifyKey } from "./verify-key.ts";
