import { negotiateSubprotocol } from "@sluice/protocol";
import { describe, expect, it } from "vitest";

describe("negotiateSubprotocol", () => {
  it("finds the version and the token that a browser offers, in any order", () => {
    const settled = { subprotocol: "sluice.v1", token: "ct_abc" };
    expect(negotiateSubprotocol("sluice.v1, sluice.token.ct_abc")).toEqual(settled);
    expect(negotiateSubprotocol("sluice.token.ct_abc,sluice.v1")).toEqual(settled);
  });

  it("needs no token, because other clients send theirs in a header", () => {
    expect(negotiateSubprotocol("sluice.v1")).toEqual({ subprotocol: "sluice.v1", token: null });
  });

  it.each([null, "", "sluice.v2", "sluice.v10", "SLUICE.V1", "sluice.token.ct_abc"])(
    "settles nothing from %s",
    (offered) => {
      expect(negotiateSubprotocol(offered)).toBeNull();
    },
  );

  it("drops a token that is empty or too long", () => {
    expect(negotiateSubprotocol("sluice.v1, sluice.token.")?.token).toBeNull();
    expect(negotiateSubprotocol(`sluice.v1, sluice.token.${"x".repeat(129)}`)?.token).toBeNull();
  });

  it("looks at the first few offers only", () => {
    expect(negotiateSubprotocol(`${"a,".repeat(100_000)}sluice.v1`)).toBeNull();
  });
});
