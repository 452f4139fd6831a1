import type { Viewport } from '../store';

/** Between the picture and the window's edge. */
export const MARGIN = 12;
const SMALLEST = 0.1;
const LARGEST = 3;
/** Pixels of the picture that never leave the window. */
const SEEN = 80;
/** Text stays readable down to here; a larger picture starts at this size and is moved instead. */
const READABLE = 0.7;
/** A picture that was laid out for a narrow window needs no smaller one. */
const READABLE_NARROW = 0.8;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The whole picture, never enlarged; centered, a little above the middle. */
export function fitAll(picture: Size, window: Size): Viewport {
  const zoom = clamp(
    Math.min(1, (window.width - 2 * MARGIN) / picture.width, (window.height - 2 * MARGIN) / picture.height),
  );
  return {
    zoom,
    x: Math.round((window.width - picture.width * zoom) / 2),
    y: Math.max(MARGIN, Math.round((window.height - picture.height * zoom) / 3)),
  };
}

/** Like {@link fitAll}, but not so small that the text cannot be read: then it fits the width, and its top shows. */
export function fitReadable(picture: Size, window: Size, isNarrow: boolean): Viewport {
  const whole = fitAll(picture, window);
  const readable = isNarrow ? READABLE_NARROW : READABLE;
  if (whole.zoom >= readable) return whole;
  const zoom = clamp(Math.min(1, Math.max(readable, (window.width - 2 * MARGIN) / picture.width)));
  const x = picture.width * zoom > window.width ? MARGIN : Math.round((window.width - picture.width * zoom) / 2);
  return { zoom, x, y: MARGIN };
}

/** Zooms by `factor` and keeps the point (x, y) of the window in place. */
export function zoomAt(view: Viewport, factor: number, x: number, y: number): Viewport {
  const zoom = clamp(view.zoom * factor);
  const ratio = zoom / view.zoom;
  return { zoom, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio };
}

/** The smallest move that brings `box` (in picture coordinates) into the window. */
export function bringIntoView(
  view: Viewport,
  box: Size & { readonly x: number; readonly y: number },
  window: Size,
): Viewport {
  const shift = (start: number, length: number, room: number): number => {
    if (start < MARGIN) return MARGIN - start;
    return start + length > room - MARGIN ? Math.max(room - MARGIN - start - length, MARGIN - start) : 0;
  };
  return {
    ...view,
    x: view.x + shift(view.x + box.x * view.zoom, box.width * view.zoom, window.width),
    y: view.y + shift(view.y + box.y * view.zoom, box.height * view.zoom, window.height),
  };
}

/** Moves a view so that some of the picture stays in the window: one that is out of sight is hard to find again. */
export function keepInSight(view: Viewport, picture: Size, window: Size): Viewport {
  const within = (start: number, length: number, room: number): number => {
    const seen = Math.min(SEEN, length);
    return Math.min(room - seen, Math.max(seen - length, start));
  };
  return {
    ...view,
    x: within(view.x, picture.width * view.zoom, window.width),
    y: within(view.y, picture.height * view.zoom, window.height),
  };
}

function clamp(zoom: number): number {
  return Math.min(LARGEST, Math.max(SMALLEST, zoom));
}
