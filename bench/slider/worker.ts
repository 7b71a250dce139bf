import { cryptoRandomBytes } from "../../workers/keys/mint-key.ts";
import { drawSlider } from "../../workers/verify/slider/index.ts";

// The configuration wants the objects exported.
export * from "../../workers/index.ts";

/** Draws as many puzzles as it is asked for: `/?count=100`. Answers the characters of base64 in all. */
export default {
  fetch(request: Request): Response {
    const count = Number(new URL(request.url).searchParams.get("count"));
    let characters = 0;
    for (let drawing = 0; drawing < count; drawing += 1) {
      const { spec } = drawSlider(cryptoRandomBytes);
      characters += spec.background.length + spec.piece.length;
    }
    return Response.json({ characters });
  },
};
