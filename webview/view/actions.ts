import type { TopologySnapshot } from '../../src/contract/messages';
import { button, type ButtonState, type Control } from '../controls/toolkit';
import { element } from './element';

export interface ActionEvents {
  action(id: string): void;
  /** An action was asked for, and this stands in its way. */
  obstructed(why: string): void;
}

export interface Actions {
  readonly element: HTMLElement;
  render(actions: TopologySnapshot['actions']): void;
}

/** What the shell offers to do. A button that can do nothing now says why, and stays where the keyboard finds it. */
export function createActions(events: ActionEvents): Actions {
  const holder = element('div', 'actions');
  const why = element('span', 'obstacle');
  const buttons = new Map<string, Control<ButtonState>>();
  let present: TopologySnapshot['actions'] = [];
  const press = (id: string): void => {
    const obstacle = present.find((action) => action.id === id)?.obstacle;
    if (obstacle === undefined) return events.action(id);
    why.textContent = obstacle;
    events.obstructed(obstacle);
  };
  return {
    element: element('div', 'actions-and-obstacle', holder, why),
    render: (actions) => {
      present = actions;
      const ids = actions.map(({ id }) => id);
      if (ids.join('\n') !== [...buttons.keys()].join('\n')) {
        buttons.clear();
        for (const { id, label, primary } of actions)
          buttons.set(
            id,
            button(primary ? 'primary' : 'secondary', label, () => press(id)),
          );
        holder.replaceChildren(...[...buttons.values()].map((control) => control.element));
      }
      for (const { id, label, obstacle } of actions)
        buttons.get(id)?.set({ label, ...(obstacle === undefined ? {} : { obstacle }) });
      if (actions.every(({ obstacle }) => obstacle !== why.textContent)) why.textContent = '';
    },
  };
}
