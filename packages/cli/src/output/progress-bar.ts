/** Draws a share from 0 to 1 as a bar of `width` characters with its percentage. */
export function progressBar(done: number, width: number): string {
  const share = Math.min(1, Math.max(0, Number.isFinite(done) ? done : 0));
  const filled = Math.floor(share * width);
  const percent = `${Math.floor(share * 100)}%`.padStart(4);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)} ${percent}`;
}
