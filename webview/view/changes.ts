import type { Change, Part } from '../../src/contract/messages';
import { button } from '../controls/toolkit';
import { element } from './element';

const OF_CLUSTER: readonly (readonly [string, Change])[] = [
  ['Add Server…', 'addServer'],
  ['Add Agent…', 'addAgent'],
  ['Fixed Address…', 'fixedAddress'],
  ['Datastore…', 'datastore'],
];

/** What can be changed about the cluster as a whole. */
export function renderChanges(change: (kind: Change) => void): HTMLElement {
  const buttons = OF_CLUSTER.map(([label, kind]) => button('secondary', label, () => change(kind)).element);
  return element('section', 'panel', element('h2', '', 'Change the cluster'), element('div', 'buttons', ...buttons));
}

/** What can be changed about a part, with the words on the buttons. */
export function changesOf(part: Part): readonly (readonly [string, Change])[] {
  switch (part.kind) {
    case 'server':
      return [
        ['Set Zone…', 'setZone'],
        ['Remove', 'removeNode'],
      ];
    case 'agent':
      return [
        ['Set Zone…', 'setZone'],
        ['Make It a Server', 'promote'],
        ['Remove', 'removeNode'],
      ];
    case 'zone':
      return [
        ['Add Server Here…', 'addServer'],
        ['Add Agent Here…', 'addAgent'],
      ];
    case 'load-balancer':
      return [['Fixed Address…', 'fixedAddress']];
    case 'database':
    case 'etcd-member':
    case 'sqlite':
      return [['Datastore…', 'datastore']];
    default:
      return [];
  }
}
