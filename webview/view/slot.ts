import { element } from './element';

/** A place in the page that is built anew only when its data changed: what has the focus there keeps it. */
export interface Slot {
  readonly element: HTMLElement;
  /** Shows what `build` makes of `data`, which must be all that it depends on; undefined shows nothing. */
  show<T>(data: T | undefined, build: (data: T) => HTMLElement): void;
}

export function createSlot(): Slot {
  const holder = element('div', '');
  let shown: string | undefined;
  return {
    element: holder,
    show: (data, build) => {
      const next = data === undefined ? undefined : JSON.stringify(data);
      if (next === shown) return;
      shown = next;
      holder.replaceChildren(...(data === undefined ? [] : [build(data)]));
    },
  };
}
