import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UnbatchedServer } from "../../../scripts/demo/unbatched-server.ts";
import { RawClient } from "../../harness/raw-client.ts";

const LIMITER = { burst: 2, perSecond: 0.001 };

let server: UnbatchedServer;
let client: RawClient;
beforeEach(async () => {
  server = await UnbatchedServer.listen();
  client = await RawClient.connect({ url: server.url, token: "ct_any", limiter: LIMITER });
});
afterEach(async () => {
  await client.close();
  await server.close();
});

describe("the server that knows no batches", () => {
  test("sends every task in a frame of its own, past the client's limiter", async () => {
    for (const kind of ["a", "b", "c", "d"]) server.send({ kind });
    for (const kind of ["a", "b", "c", "d"]) {
      expect(await client.next("batch")).toMatchObject({ tasks: [{ kind, attempt: 1 }] });
    }
    expect(server.framesSent).toBe(4);
    expect(client.limiter?.trips).toBe(2);
  });

  test("counts what the client has taken by its acks, which are cumulative", async () => {
    for (const kind of ["a", "b", "c"]) server.send({ kind });
    await client.next("batch");
    const second = await client.next("batch");
    client.ack(second);
    await expect.poll(() => server.acknowledged).toBe(2);
  });

  test("answers reports, so that a client can forget them", async () => {
    server.send({ kind: "a" });
    const { tasks } = await client.next("batch");
    const seq = client.succeed(tasks);
    expect(await client.next("reported")).toEqual({ type: "reported", seq });
  });
});
