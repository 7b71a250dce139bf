import { SluiceError } from "@sluice/sdk/operator";
import { describe, expect, it } from "vitest";
import { exitCodeOfStatus, usageFailure } from "../../../packages/cli/src/output/exit-codes.ts";
import { explainFailure } from "../../../packages/cli/src/output/explain-failure.ts";

describe("what is told of a failure", () => {
  it("is the service's sentence, with its code and the request to ask about", () => {
    const refusal = new SluiceError("queue_full", "no room", { status: 429, requestId: "r1" });
    expect(explainFailure(refusal)).toEqual({
      exitCode: 5,
      message: "no room (queue_full, request r1)",
    });
  });

  it("has no request where there was no answer", () => {
    expect(explainFailure(new SluiceError("network", "not there"))).toEqual({
      exitCode: 5,
      message: "not there (network)",
    });
  });

  it("is the command's own sentence where it has one", () => {
    expect(explainFailure(usageFailure("give more"))).toMatchObject({
      exitCode: 2,
      message: "give more",
    });
  });

  it("is the message of any other error, and no secret of a thing that is none", () => {
    expect(explainFailure(new Error("disk full"))).toEqual({ exitCode: 1, message: "disk full" });
    expect(explainFailure("sk_secret").message).not.toContain("sk_secret");
  });
});

it.each([
  [400, 1],
  [401, 3],
  [403, 3],
  [404, 4],
  [409, 1],
  [413, 1],
  [429, 5],
  [500, 5],
  [503, 5],
])("status %i ends with %i", (status, exitCode) => {
  expect(exitCodeOfStatus(status)).toBe(exitCode);
});
