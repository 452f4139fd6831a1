export interface Gestures {
  /** Moves the picture by pixels of the window. */
  pan(dx: number, dy: number): void;
  /** Zooms around a point of the window. */
  zoom(factor: number, x: number, y: number): void;
  click(target: Element): void;
}

/** A press that moves less than this is a click. */
const CLICK_DISTANCE = 4;

/** Mouse, pen and touch on the picture: drag and wheel move it, Ctrl+wheel (and pinch) zooms it, click points at a part. */
export function listenToGestures(svg: SVGSVGElement, gestures: Gestures): void {
  let press: { readonly id: number; x: number; y: number; moved: boolean; readonly target: Element } | undefined;
  svg.addEventListener('pointerdown', (event) => {
    if (event.button === 0 && event.target instanceof Element) press = { id: event.pointerId, x: event.clientX, y: event.clientY, moved: false, target: event.target };
  });
  svg.addEventListener('pointermove', (event) => {
    if (press === undefined || event.pointerId !== press.id) return;
    const [dx, dy] = [event.clientX - press.x, event.clientY - press.y];
    if (!press.moved && Math.hypot(dx, dy) < CLICK_DISTANCE) return;
    if (!press.moved) svg.setPointerCapture(event.pointerId);
    press.moved = true;
    press.x = event.clientX;
    press.y = event.clientY;
    svg.classList.add('dragging');
    gestures.pan(dx, dy);
  });
  const release = (event: PointerEvent): void => {
    if (press === undefined || event.pointerId !== press.id) return;
    if (!press.moved && event.type === 'pointerup') gestures.click(press.target);
    press = undefined;
    svg.classList.remove('dragging');
  };
  svg.addEventListener('pointerup', release);
  svg.addEventListener('pointercancel', release);
  svg.addEventListener('wheel', (event) => {
    event.preventDefault();
    const rect = svg.getBoundingClientRect();
    if (event.ctrlKey || event.metaKey) gestures.zoom(Math.exp(-event.deltaY / 300), event.clientX - rect.left, event.clientY - rect.top);
    else if (event.shiftKey) gestures.pan(-event.deltaY, 0);
    else gestures.pan(-event.deltaX, -event.deltaY);
  }, { passive: false });
}
