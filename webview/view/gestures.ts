export interface Gestures {
  /** Moves the picture by pixels of the window. */
  pan(dx: number, dy: number): void;
  /** Zooms around a point of the window. */
  zoom(factor: number, x: number, y: number): void;
  click(target: Element): void;
  /** What a drag that begins here carries; undefined: it moves the picture. */
  grab(target: Element): string | undefined;
  /** `dx` and `dy` since it was grabbed; `x` and `y` is the pointer in the window. */
  carry(id: string, dx: number, dy: number, x: number, y: number): void;
  /** Ends a carry; `at` is undefined when it was broken off. */
  drop(id: string, at: { readonly x: number; readonly y: number } | undefined): void;
}

/** A press that moves less than this is a click. */
const CLICK_DISTANCE = 4;

/** Mouse, pen and touch on the picture: drag and wheel move it or carry a part, Ctrl+wheel (and pinch) zooms it, click points at a part. */
export function listenToGestures(canvas: HTMLElement, gestures: Gestures): void {
  let press:
    | {
        readonly id: number;
        x: number;
        y: number;
        moved: boolean;
        readonly target: Element;
        readonly grabbed: string | undefined;
      }
    | undefined;
  const inWindow = (event: PointerEvent): { x: number; y: number } => {
    const rect = canvas.getBoundingClientRect();
    return { x: event.clientX - rect.left, y: event.clientY - rect.top };
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button === 0 && event.target instanceof Element)
      press = {
        id: event.pointerId,
        x: event.clientX,
        y: event.clientY,
        moved: false,
        target: event.target,
        grabbed: gestures.grab(event.target),
      };
  });
  canvas.addEventListener('pointermove', (event) => {
    if (press === undefined || event.pointerId !== press.id) return;
    const [dx, dy] = [event.clientX - press.x, event.clientY - press.y];
    if (!press.moved && Math.hypot(dx, dy) < CLICK_DISTANCE) return;
    if (!press.moved) canvas.setPointerCapture(event.pointerId);
    press.moved = true;
    if (press.grabbed !== undefined) {
      const at = inWindow(event);
      gestures.carry(press.grabbed, dx, dy, at.x, at.y);
      return;
    }
    press.x = event.clientX;
    press.y = event.clientY;
    canvas.classList.add('dragging');
    gestures.pan(dx, dy);
  });
  const release = (event: PointerEvent): void => {
    if (press === undefined || event.pointerId !== press.id) return;
    if (!press.moved && event.type === 'pointerup') gestures.click(press.target);
    if (press.moved && press.grabbed !== undefined)
      gestures.drop(press.grabbed, event.type === 'pointerup' ? inWindow(event) : undefined);
    press = undefined;
    canvas.classList.remove('dragging');
  };
  canvas.addEventListener('pointerup', release);
  canvas.addEventListener('pointercancel', release);
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const rect = canvas.getBoundingClientRect();
      if (event.ctrlKey || event.metaKey)
        gestures.zoom(Math.exp(-event.deltaY / 300), event.clientX - rect.left, event.clientY - rect.top);
      else if (event.shiftKey) gestures.pan(-event.deltaY, 0);
      else gestures.pan(-event.deltaX, -event.deltaY);
    },
    { passive: false },
  );
}
