/** The project's Worker with a client's object that forwards and stores nothing. */
export { Ledger } from "../../durable-objects/ledger/object.ts";
export { Recorder } from "../../durable-objects/recorder/object.ts";
export { Registry } from "../../durable-objects/registry/object.ts";
export { default, Sluice } from "../../workers/index.ts";
export { Client } from "./forwarding-client.ts";
