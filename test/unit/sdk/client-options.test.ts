import { describe, expect, it } from "vitest";
import { type CreateClientOptions, createClient } from "../../../packages/sdk/src/node.ts";

const SOUND: CreateClientOptions = {
  url: "https://sluice.example",
  token: "ct_secret",
  agent: "test/1",
};

describe("options of a client", () => {
  it("need an address, a token and an agent, and nothing else", () => {
    expect(() => createClient(SOUND)).not.toThrow();
    expect(() => createClient({ ...SOUND, limiter: null })).not.toThrow();
  });

  const UNSOUND: readonly Partial<CreateClientOptions>[] = [
    { url: "sluice.example" },
    { token: "" },
    { token: "ct_secret\r\nhost: elsewhere" },
    { agent: "" },
    { concurrency: 0 },
    { concurrency: Number.NaN },
    { slots: 0 },
    { limiter: { burst: 0.5, perSecond: 1 } },
    { limiter: { burst: 1, perSecond: -1 } },
  ];

  it.each(UNSOUND)("are refused where no client could work with them: %j", (change) => {
    expect(() => createClient({ ...SOUND, ...change })).toThrow(/must|address|token|agent|URL/);
    expect(() => createClient({ ...SOUND, ...change })).not.toThrow(/secret/);
  });
});
