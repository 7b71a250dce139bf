/** The picture, in pixels. A visitor may see it larger or smaller; answers are in these pixels. */
export const WIDTH = 320;
export const HEIGHT = 160;

/** The square that holds the piece with its tabs and shadow. */
export const BOX = 60;
/** Side of the piece without tabs. */
export const BODY = 38;

/** The hole's left edges that are drawn: clear of the piece at its start and of the right border. */
export const X_MIN = 64;
export const X_MAX = WIDTH - BOX - 4;

/** Room above and below the piece's box. */
export const TOP_MIN = 2;
export const TOP_MAX = HEIGHT - BOX - 2;
