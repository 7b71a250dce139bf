import { Storage } from "../../durable-objects/client/storage.ts";
import { NodeSql } from "./node-sql.ts";

/** The storage of a client's object that was just enrolled, on Node's SQLite. */
export function clientStorage(): Storage {
  const storage = new Storage(new NodeSql());
  storage.migrate();
  return storage;
}
