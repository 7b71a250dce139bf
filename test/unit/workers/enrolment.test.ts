import { fail, ok } from "@sluice/protocol";
import { describe, expect, it } from "vitest";
import {
  FIRST_ACCOUNT,
  formatAccountId,
  hashKey,
  timeOf,
  verifyClientId,
  verifyKey,
} from "../../../workers/keys/index.ts";
import {
  asOperator,
  enrolledClient,
  type Front,
  idOf,
  keyOf,
  NOW,
  postJson,
  RING_TEXT,
  ringOf,
  startFront,
  verdictOf,
} from "./front-fixture.ts";

const HOUR_MS = 3_600_000;
const ACCOUNT = formatAccountId(FIRST_ACCOUNT);

/** Mints a token; what the registry was told of it, and the answer. */
async function mint(body?: unknown) {
  const front = startFront({
    registryAnswers: { createEntry: async () => ok({ id: "kept" } as never) },
  });
  const response = await front.call("/v1/enrolment-tokens", await asOperator("POST", body));
  const answer: Record<string, string> = await response.json();
  return { status: response.status, answer, call: front.registry.calls[0] };
}

async function expiryOf(token: string): Promise<number> {
  const key = verifyKey(ringOf(RING_TEXT), token);
  return key.ok ? timeOf(key.value.keyId) : Number.NaN;
}

describe("an enrolment token", () => {
  it("lives for a day and enrols any number unless its operator says otherwise", async () => {
    const { status, answer, call } = await mint();
    expect(status).toBe(201);
    expect(answer).toEqual({ id: "kept", token: expect.stringMatching(/^et_[\w-]{60}$/) });
    expect(await expiryOf(answer.token ?? "")).toBe(NOW);
    expect(call).toMatchObject({ name: `account:${ACCOUNT}`, method: "createEntry" });
    expect(call?.args).toEqual([
      "enrolment",
      {
        id: expect.stringMatching(/^[0-9a-z]{20}$/),
        secretHash: hashKey(answer.token ?? ""),
        label: "",
        labels: [],
        uses: null,
        expiresAtMs: NOW + 24 * HOUR_MS,
      },
      expect.stringMatching(/^key:[0-9a-z]{20}$/),
    ]);
  });

  it("has the labels, uses, label and expiry that were asked for", async () => {
    const asked = { label: "rack 7", labels: ["eu", "eu", "prod"], uses: 5, expiresInSeconds: 60 };
    expect((await mint(asked)).call?.args[1]).toMatchObject({
      label: "rack 7",
      labels: ["eu", "prod"],
      uses: 5,
      expiresAtMs: NOW + 60_000,
    });
  });

  it.each([
    ["uses", { uses: 0 }],
    ["uses", { uses: 1.5 }],
    ["labels", { labels: [""] }],
    ["label", { label: "" }],
    ["label", { label: "x".repeat(129) }],
    ["expiresInSeconds", { expiresInSeconds: 0 }],
    ["expiresInSeconds", { expiresInSeconds: 31 * 24 * 3600 }],
    ["expiresInSeconds", { expiresInSeconds: "60" }],
  ])("is not made with a %s that cannot be kept", async (field, body) => {
    const { status, answer, call } = await mint(body);
    expect(status).toBe(400);
    expect(answer.detail?.startsWith(field)).toBe(true);
    expect(call).toBeUndefined();
  });
});

describe("enrolling", () => {
  const machine = { name: "web-17", labels: ["prod", "prod", "os=linux"], facts: { os: "linux" } };

  it("answers an id and a token that belong together, and stores the hash alone", async () => {
    const front = startFront({
      answers: { enrol: async ({ client }) => ok({ clientId: client }) },
    });
    const token = await keyOf("enrolment", NOW + HOUR_MS);
    const response = await postJson(front, "/v1/enrol", { token, ...machine });
    expect(response.status).toBe(201);
    const enrolled: { clientId: string; token: string } = await response.json();
    const ring = ringOf(RING_TEXT);
    expect(verifyClientId(ring, FIRST_ACCOUNT, enrolled.clientId).ok).toBe(true);
    expect(enrolled.token).toMatch(/^ct_[\w-]{60}$/);
    expect(front.clients.calls).toEqual([
      {
        name: enrolled.clientId,
        method: "enrol",
        args: [
          {
            account: formatAccountId(FIRST_ACCOUNT),
            client: enrolled.clientId,
            name: "web-17",
            labels: ["prod", "os=linux"],
            facts: { os: "linux" },
            tokenHash: hashKey(enrolled.token),
          },
        ],
      },
    ]);
    expect(JSON.stringify(front.clients.calls)).not.toContain(enrolled.token);
  });

  it("is refused once the token has expired, at the very millisecond", async () => {
    const enrolAt = async (expiry: number) =>
      postJson(startFront(), "/v1/enrol", { token: await keyOf("enrolment", expiry), name: "a" });
    expect((await enrolAt(NOW + 1)).status).toBe(201);
    expect((await enrolAt(NOW)).status).toBe(401);
  });

  it.each([
    ["no token", { name: "a" }],
    ["no name", { token: "et_x" }],
    ["a name that is too long", { token: "et_x", name: "a".repeat(129) }],
    ["a label with a space", { token: "et_x", name: "a", labels: ["a b"] }],
    ["too many labels", { token: "et_x", name: "a", labels: Array(33).fill("a") }],
    ["facts that are no object", { token: "et_x", name: "a", facts: "linux" }],
  ])("is refused with %s", async (_what, body) => {
    const front = startFront();
    expect((await postJson(front, "/v1/enrol", body)).status).toBe(400);
    expect(front.clients.stubs).toBe(0);
  });

  it("is refused with any other kind of key, and when its token is used too often", async () => {
    const front = startFront();
    const { token: clientToken } = await enrolledClient();
    for (const token of ["et_x", clientToken, await keyOf("operator", NOW + HOUR_MS)]) {
      expect((await postJson(front, "/v1/enrol", { token, name: "a" })).status).toBe(401);
    }
    const limited = startFront({ exhausted: ["KEY_LIMIT"] });
    const token = await keyOf("enrolment", NOW + HOUR_MS);
    expect((await postJson(limited, "/v1/enrol", { token, name: "a" })).status).toBe(429);
    expect(front.clients.stubs + limited.clients.stubs).toBe(0);
  });

  it("passes on what the object refuses", async () => {
    const refusal = { code: "conflict", detail: "enrolled already" } as const;
    const front = startFront({ answers: { enrol: async () => fail(refusal) } });
    const token = await keyOf("enrolment", NOW + HOUR_MS);
    const response = await postJson(front, "/v1/enrol", { token, name: "a" });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject(refusal);
  });
});

/** The verdict on a machine that enrols with this token. */
async function asMachine(front: Front, text: string): Promise<string> {
  return verdictOf(await postJson(front, "/v1/enrol", { token: text, name: "a" }));
}

/** What the registry was asked by this name. */
function callsOf(front: Front, method: string) {
  return front.registry.calls.filter((call) => call.method === method);
}

describe("enrolling with a token of limited uses", () => {
  const token = () => keyOf("enrolment", NOW + HOUR_MS, RING_TEXT, { uses: 3 });

  it("takes a use for the client before it is enrolled", async () => {
    const front = startFront();
    const text = await token();
    expect(await asMachine(front, text)).toBe("201");
    const client = front.clients.calls[0]?.name;
    expect(front.registry.calls[0]).toEqual({
      name: `enrolment:${await idOf(text)}`,
      method: "useToken",
      args: [{ client, uses: 3, expiresAtMs: NOW + HOUR_MS }],
    });
    expect(callsOf(front, "giveBack")).toEqual([]);
  });

  it("asks no counter where the uses are not limited", async () => {
    const front = startFront();
    expect(await asMachine(front, await keyOf("enrolment", NOW + HOUR_MS))).toBe("201");
    expect(callsOf(front, "useToken")).toEqual([]);
  });

  it("is refused when none is left, and no client is made", async () => {
    const none = async () => fail({ code: "forbidden", detail: "used up" } as const);
    const front = startFront({ registryAnswers: { useToken: none } });
    expect(await asMachine(front, await token())).toBe("403 forbidden");
    expect(front.clients.stubs).toBe(0);
  });

  it("returns the use when the client could not be enrolled", async () => {
    for (const enrol of [
      async () => fail({ code: "conflict", detail: "enrolled already" } as const),
      async () => {
        throw new Error("gone");
      },
    ]) {
      const front = startFront({ answers: { enrol } });
      expect(await asMachine(front, await token())).toMatch(/409|503/);
      const [taken] = callsOf(front, "useToken");
      const args = [front.clients.calls[0]?.name];
      expect(callsOf(front, "giveBack")).toEqual([{ name: taken?.name, method: "giveBack", args }]);
    }
  });

  it("is told to come back while uses cannot be counted", async () => {
    const down = async () => {
      throw new Error("down");
    };
    const front = startFront({ registryAnswers: { useToken: down } });
    expect(await asMachine(front, await token())).toBe("503 unavailable");
    expect(front.clients.stubs).toBe(0);
  });
});

describe("a client's place in its account", () => {
  const token = () => keyOf("enrolment", NOW + HOUR_MS, RING_TEXT, { uses: 3 });
  const down = async () => {
    throw new Error("down");
  };

  it("is taken in the account's own object before the client is enrolled", async () => {
    const front = startFront();
    expect(await asMachine(front, await token())).toBe("201");
    const args = [front.clients.calls[0]?.name];
    const place = { name: `account:${ACCOUNT}`, method: "takePlace", args };
    expect(callsOf(front, "takePlace")).toEqual([place]);
    expect(callsOf(front, "returnPlace")).toEqual([]);
  });

  it("is not to be had when the account is full: no client is made, the use goes back", async () => {
    const full = async () => fail({ code: "quota_exceeded", detail: "full" } as const);
    const front = startFront({ registryAnswers: { takePlace: full } });
    expect(await asMachine(front, await token())).toBe("409 quota_exceeded");
    expect(front.clients.stubs).toBe(0);
    expect(front.registry.calls.map(({ method }) => method)).toEqual([
      "useToken",
      "takePlace",
      "giveBack",
    ]);
  });

  it("is returned when the client could not be enrolled", async () => {
    const front = startFront({ answers: { enrol: down } });
    expect(await asMachine(front, await token())).toBe("503 unavailable");
    const args = [front.clients.calls[0]?.name, "enrolment_failed"];
    expect(callsOf(front, "returnPlace")).toMatchObject([{ name: `account:${ACCOUNT}`, args }]);
  });

  it("is returned when it is not known whether it was taken", async () => {
    const front = startFront({ registryAnswers: { takePlace: down } });
    expect(await asMachine(front, await token())).toBe("503 unavailable");
    expect(front.clients.stubs).toBe(0);
    const client = callsOf(front, "takePlace")[0]?.args[0];
    expect(callsOf(front, "returnPlace")).toMatchObject([{ args: [client, "enrolment_failed"] }]);
  });

  it("is returned when the client was removed, and only then", async () => {
    const { clientId } = await enrolledClient();
    const gone = async () => fail({ code: "not_found", detail: "no such client" } as const);
    const [front, without] = [startFront(), startFront({ answers: { remove: gone } })];
    const path = `/v1/clients/${clientId}`;
    expect(await verdictOf(await front.call(path, await asOperator("DELETE")))).toBe("204");
    expect(callsOf(front, "returnPlace")).toMatchObject([{ args: [clientId, "removed"] }]);
    expect((await without.call(path, await asOperator("DELETE"))).status).toBe(404);
    expect(callsOf(without, "returnPlace")).toEqual([]);
  });
});

describe("the labels of an enrolled client", () => {
  const labelsOf = async (ofToken: readonly string[], own: readonly string[]) => {
    const front = startFront();
    const token = await keyOf("enrolment", NOW + HOUR_MS, RING_TEXT, { labels: ofToken });
    const response = await postJson(front, "/v1/enrol", { token, name: "a", labels: own });
    return front.clients.calls[0]?.args[0] ?? verdictOf(response);
  };

  it("are those of its token and its own, each once", async () => {
    expect(await labelsOf(["eu", "prod"], ["prod", "db"])).toMatchObject({
      labels: ["eu", "prod", "db"],
    });
  });

  it("are refused when they are too many together", async () => {
    const many = Array.from({ length: 32 }, (_, n) => `label-${n}`);
    expect(await labelsOf(many, many)).toMatchObject({ labels: many });
    expect(await labelsOf(many, ["one-more"])).toBe("400 bad_request");
  });
});
