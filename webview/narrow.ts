import type { Store } from './store';
import { MARGIN } from './view/viewport';

/** From this width on the picture has room. */
const ROOM = 760;
/** As in theme.css: a window of this width has the side panel beside the picture, and so wide. */
const BESIDE = 820;
const SIDE = 300;
/** Not every pixel is worth another picture. */
const STEP = 10;

/** The width that a picture for this window may have; undefined where there is room for any. */
export function narrowOf(windowWidth: number): number | undefined {
  const width = windowWidth < BESIDE ? windowWidth : windowWidth - SIDE;
  return width >= ROOM ? undefined : Math.floor((width - 2 * MARGIN) / STEP) * STEP;
}

/** Keeps the store in step with the width of the window; another layout is shown from its beginning. */
export function watchWidth(page: Window, store: Store): void {
  page.addEventListener('resize', () => {
    const narrow = narrowOf(page.innerWidth);
    if (narrow !== store.get().narrow) store.update({ narrow, viewport: undefined });
  });
}
