import { button, iconButton } from '../controls/toolkit';
import { element } from './element';

export interface ViewEvents {
  showList(show: boolean): void;
  zoom(factor: number): void;
  fit(): void;
}

export interface ViewControls {
  readonly element: HTMLElement;
  render(showList: boolean): void;
}

/** How the cluster is looked at: as a picture of some size, or as a list. They float at the edge, because the picture needs the room. */
export function createViewControls(events: ViewEvents): ViewControls {
  let listed = false;
  const zoom = [
    iconButton('+', 'Zoom in', () => events.zoom(1.25)),
    iconButton('−', 'Zoom out', () => events.zoom(1 / 1.25)),
    iconButton('Fit', 'Fit to window', events.fit),
  ];
  const list = button('secondary', 'List', () => events.showList(!listed));
  return {
    element: element('div', 'view-controls', ...zoom, list.element),
    render: (showList) => {
      listed = showList;
      for (const control of zoom) control.hidden = showList;
      list.set({ label: showList ? 'Picture' : 'List' });
      list.element.setAttribute(
        'aria-label',
        showList ? 'Picture: show the diagram' : 'List: show the diagram as text',
      );
    },
  };
}
