import type { Part, TopologySnapshot } from '../../src/contract/messages';
import type { Store } from '../store';

/**
 * Tells the editor what its menu is about: the part under the pointer, or the one that has the focus when the key for menus
 * is pressed. The editor reads the attribute when the event arrives at its own listener.
 * https://code.visualstudio.com/api/extension-guides/webview#context-menus
 */
export function offerMenu(svg: SVGSVGElement, store: Store): void {
  svg.addEventListener('contextmenu', ({ target }) => {
    const id = target instanceof Element ? target.closest('[data-part]')?.getAttribute('data-part') : undefined;
    const { snapshot } = store.get();
    const part = snapshot?.graph.parts.find((one) => one.id === id);
    const context = snapshot === undefined || part === undefined ? undefined : menuContext(part, snapshot);
    svg.setAttribute('data-vscode-context', JSON.stringify({ preventDefaultContextMenuItems: true, ...context }));
  });
}

/**
 * What `when` clauses ask, and what a command of the menu gets: the same as from the row of the tree. `column`: the file
 * does not open over the diagram.
 */
function menuContext(part: Part, { file, simulated, simulation, status }: TopologySnapshot): object | undefined {
  const [kind, place] =
    part.kind === 'network'
      ? ['network', part.id]
      : part.kind === 'load-balancer'
        ? ['loadBalancer', part.id]
        : part.nodeId === undefined
          ? [part.kind, part.id]
          : ['node', part.nodeId];
  const marks = simulation?.[place]?.marks ?? [];
  const node = kind === 'node' ? [part.kind === 'agent' ? 'agent' : 'server', status[part.id]?.can ?? ''] : [];
  const played = simulated && simulation !== undefined ? ['simulated', ...marks] : [];
  return {
    k3sPart: [kind, ...node, ...played, ...(kind === 'node' ? ['sshable'] : [])]
      .filter((word) => word !== '')
      .join(' '),
    uri: file,
    path: part.path,
    column: 1,
    row: { id: kind === 'node' ? `node:${place}` : kind },
    ...(part.between === undefined ? {} : { zones: part.between }),
  };
}
