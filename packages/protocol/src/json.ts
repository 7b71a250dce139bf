/** Any value that JSON can carry. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;

/** A JSON object; absent keys read as `undefined`. */
export type JsonObject = { [key: string]: JsonValue };
