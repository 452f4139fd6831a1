import { say } from '../../src/core/base/say';
import { iconButton, type IconButton } from '../controls/toolkit';
import { element } from './element';
import { controlSvg, type ControlSign } from '../drawing/icons';
import { picture } from './side';

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
  const control = (sign: ControlSign, label: string, run: () => void): IconButton =>
    iconButton(picture(controlSvg(sign)), label, run);
  const zoom = [
    control('zoomIn', say`Zoom in`, () => events.zoom(1.25)),
    control('zoomOut', say`Zoom out`, () => events.zoom(1 / 1.25)),
    control('fit', say`Fit to window`, events.fit),
  ];
  const list = control('list', say`List: show the diagram as text`, () => events.showList(!listed));
  return {
    element: element('div', 'view-controls', ...zoom.map((one) => one.element), list.element),
    render: (showList) => {
      listed = showList;
      for (const one of zoom) one.element.hidden = showList;
      if (showList) list.set(picture(controlSvg('picture')), say`Picture: show the diagram`);
      else list.set(picture(controlSvg('list')), say`List: show the diagram as text`);
    },
  };
}
