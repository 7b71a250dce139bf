import { expect, test } from "vitest";
import { X_MAX, X_MIN } from "../../../workers/verify/slider/geometry.ts";
import { BLIND_GUESS, isRightPlace, TOLERANCE } from "../../../workers/verify/slider/index.ts";

test.each([-TOLERANCE, -0.5, 0, 0.25, TOLERANCE])(
  "%f pixels beside the hole is right",
  (beside) => {
    expect(isRightPlace(128, 128 + beside)).toBe(true);
  },
);

test.each([-TOLERANCE - 1, -TOLERANCE - 0.01, TOLERANCE + 0.01, 60])(
  "%f pixels beside the hole is wrong",
  (beside) => {
    expect(isRightPlace(128, 128 + beside)).toBe(false);
  },
);

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  "%f is wrong wherever the hole is",
  (answer) => {
    expect(isRightPlace(128, answer)).toBe(false);
  },
);

test("no answer is right for more than one place in twenty", () => {
  const places = Array.from({ length: X_MAX - X_MIN + 1 }, (_, index) => X_MIN + index);
  const luckiest = Math.max(
    ...places.map((guess) => places.filter((x) => isRightPlace(x, guess)).length),
  );
  expect(luckiest / places.length).toBe(BLIND_GUESS);
  expect(BLIND_GUESS).toBeLessThan(0.05);
});

test("the piece is not right where it starts", () => {
  expect(isRightPlace(X_MIN, 0)).toBe(false);
});
