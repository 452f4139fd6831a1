import { say } from '../base/say';
import type { Path } from '../base/path';
import type { TextRange } from '../base/text';
import { count } from '../base/words';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { lineEnd } from '../document/layout';
import { expandHostRange } from '../cluster/hostRange';
import { listReferences } from '../cluster/references';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { serverTolerance } from '../topology/verdict';
import { registrationUrl } from '../cluster/registration';
import { datastoreOfType } from '../datastore/registry';
import { nodesOf } from '../cluster/roles';

export interface InlayHint {
  readonly offset: number;
  readonly text: string;
  /** Said when the pointer rests on the hint. */
  readonly tooltip: string;
}

/** What follows from the lines of `range` and is not written there: hosts of a range, the address that nodes join at, quorum. */
export function inlayHints(document: ClusterDocument, cluster: Cluster, range: TextRange): InlayHint[] {
  if (document.syntaxProblems.length > 0) return [];
  const hints = [...sectionHints(document, cluster), ...rangeHints(document, cluster, range)];
  return hints.filter(({ offset }) => offset >= range.start && offset <= range.end).sort((a, b) => a.offset - b.offset);
}

function sectionHints(document: ClusterDocument, cluster: Cluster): InlayHint[] {
  const servers = endOfLineAt(document, ['servers', 'nodes']);
  const agents = endOfLineAt(document, ['agents', 'nodes']);
  const url = registrationUrl(cluster);
  return [
    ...(servers === undefined || cluster.servers.length === 0 ? [] : [{ offset: servers, ...availability(cluster) }]),
    ...(agents === undefined || url === undefined || cluster.agents.length === 0
      ? []
      : [
          {
            offset: agents,
            text: say`join ${url}`,
            tooltip: say`Where agents register, unless a node says otherwise.`,
          },
        ]),
  ];
}

function availability(cluster: Cluster): { readonly text: string; readonly tooltip: string } {
  const servers = count(cluster.servers.length, 'server');
  const tolerance = serverTolerance(cluster);
  const external = datastoreOfType(cluster.datastore.type).home === 'outside';
  return {
    // VS Code cuts longer hints off.
    text: say`${servers} · survives ${tolerance === 0 ? say`no loss` : `${tolerance}${external ? say`, datastore decides` : ''}`}`,
    tooltip:
      tolerance === 0
        ? say`While any one of the servers is down, the API may not answer at the fixed address.`
        : say`The API still answers at the fixed address when any ${tolerance} of the servers ${tolerance === 1 ? 'is' : 'are'} down${external ? say`, as long as the datastore does` : ''}.`,
  };
}

/** One hint for each text that stands for several hosts: entries of nodes, hosts of the load balancer. */
function rangeHints(document: ClusterDocument, cluster: Cluster, within: TextRange): InlayHint[] {
  const hints: InlayHint[] = [];
  const add = (at: TextRange | undefined): void => {
    if (at === undefined || at.end < within.start || at.end > within.end) return;
    const written = document.text.slice(at.start, at.end).replace(/^(["'])(.*)\1$/, '$2');
    if (!/^[^\s[]*\[/.test(written) || listReferences(written).length > 0) return;
    const hosts = expandHostRange(written);
    const [first = '', ...rest] = hosts;
    if (rest.length > 0)
      hints.push({
        offset: at.end,
        text: say`${hosts.length} hosts: ${first} … ${rest.at(-1) ?? ''}`,
        tooltip: `${hosts.slice(0, 20).join(', ')}${hosts.length > 20 ? ', …' : ''}`,
      });
  };
  let last: ClusterNode['path'] | undefined;
  for (const { path } of nodesOf(cluster)) {
    if (path === last) continue;
    last = path;
    add(hostRange(document, path));
  }
  const balancerHosts = dataAt(document.data, ['loadBalancer', 'nodes']);
  if (Array.isArray(balancerHosts))
    for (const index of balancerHosts.keys()) add(hostRange(document, ['loadBalancer', 'nodes', index]));
  return hints;
}

/** The host of an entry, which may be a block or the host alone. */
function hostRange(document: ClusterDocument, path: Path): TextRange | undefined {
  return document.rangeOf([...path, 'host'], 'value') ?? document.rangeOf(path, 'value');
}

function endOfLineAt(document: ClusterDocument, path: readonly string[]): number | undefined {
  const key = document.rangeOf(path, 'key');
  return key === undefined
    ? undefined
    : key.end + (document.text.slice(key.end, lineEnd(document.text, key.end)).match(/^\s*:/)?.[0].length ?? 0);
}
