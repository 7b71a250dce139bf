/** The slider puzzle: its pictures, drawn for each challenge, and the judgement of an answer. */
export { drawSlider, type SliderDrawing } from "./draw-slider.ts";
export { X_MAX, X_MIN } from "./geometry.ts";
export { BLIND_GUESS, isRightPlace, TOLERANCE } from "./judge.ts";
