import type { SliderSpec } from "@sluice/protocol";

/**
 * Paints scene and piece. Decoded here rather than by `img` elements, so that a page's `img-src` need not
 * allow anything. Rejects when a picture cannot be decoded.
 */
export async function drawPicture(
  { background, piece, mediaType, width, height, pieceWidth, pieceHeight }: SliderSpec,
  scene: HTMLCanvasElement,
  pieceCanvas: HTMLCanvasElement,
): Promise<void> {
  await Promise.all([
    paint(scene, background, mediaType, width, height),
    paint(pieceCanvas, piece, mediaType, pieceWidth, pieceHeight),
  ]);
}

async function paint(
  canvas: HTMLCanvasElement,
  base64: string,
  mediaType: string,
  width: number,
  height: number,
): Promise<void> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: mediaType }));
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
}
