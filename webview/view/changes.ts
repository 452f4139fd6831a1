import { later, said, say } from '../../src/core/base/say';
import type { Change, Part } from '../../src/contract/messages';
import { button } from '../controls/toolkit';
import { element } from './element';

const OF_CLUSTER: readonly (readonly [string, Change])[] = [
  [later`Add Server…`, 'addServer'],
  [later`Add Agent…`, 'addAgent'],
  [later`Fixed Address…`, 'fixedAddress'],
  [later`Datastore…`, 'datastore'],
];

/** What can be changed about the cluster as a whole. */
export function renderChanges(change: (kind: Change) => void): HTMLElement {
  const buttons = OF_CLUSTER.map(([label, kind]) => button('secondary', said(label), () => change(kind)).element);
  return element('section', 'panel', element('h2', '', say`Change the cluster`), element('div', 'buttons', ...buttons));
}

/** What can be changed about a part, with the words on the buttons, to be said. */
export function changesOf(part: Part): readonly (readonly [string, Change])[] {
  switch (part.kind) {
    case 'server':
      return [
        [later`Set Zone…`, 'setZone'],
        [later`Remove`, 'removeNode'],
      ];
    case 'agent':
      return [
        [later`Set Zone…`, 'setZone'],
        [later`Make It a Server`, 'promote'],
        [later`Remove`, 'removeNode'],
      ];
    case 'zone':
      return [
        [later`Add Server Here…`, 'addServer'],
        [later`Add Agent Here…`, 'addAgent'],
      ];
    case 'load-balancer':
      return [[later`Fixed Address…`, 'fixedAddress']];
    case 'database':
    case 'etcd-member':
    case 'sqlite':
      return [[later`Datastore…`, 'datastore']];
    default:
      return [];
  }
}
