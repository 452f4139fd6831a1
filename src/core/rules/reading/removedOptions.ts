import { later, say } from '../../base/say';
import { compareK3sVersions, parseK3sVersion } from '../../k3s/versions';
import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry, renameKey, setValue } from '../../document/edit';
import { inSequence } from '../../document/inSequence';
import { listOf } from '../../cluster/configValue';
import type { Cluster } from '../../cluster/cluster';
import type { Finding, Fix } from '../rule';
import { valueAt } from './read';

interface RemovedOption {
  /** First release without it. */
  readonly since: string;
  /** What takes its place. */
  readonly use: string;
}

const REMOVED: Readonly<Record<string, RemovedOption>> = {
  'no-deploy': { since: 'v1.26.0+k3s1', use: 'disable' },
  'cluster-secret': { since: 'v1.26.0+k3s1', use: 'token' },
  'no-flannel': { since: 'v1.26.0+k3s1', use: later`flannel-backend: none` },
  'disable-selinux': { since: 'v1.23.0+k3s1', use: 'selinux' },
};

/** The option of former releases of this name. */
export function removedOption(name: string): RemovedOption | undefined {
  return Object.hasOwn(REMOVED, name) ? REMOVED[name] : undefined;
}

/** Whether the release of the file still has the option; a file without one gets a release of today. */
export function isStillThere({ k3s }: Cluster, { since }: RemovedOption): boolean {
  const version = parseK3sVersion(k3s.version ?? '');
  const end = parseK3sVersion(since);
  return version !== undefined && end !== undefined && compareK3sVersions(version, end) < 0;
}

/** Writes what takes the place of a removed option. */
export function replaceRemoved(document: ClusterDocument, finding: Finding): readonly Fix[] {
  const name = finding.data?.['name'] ?? '';
  const remove = (current: ClusterDocument) => removeEntry(current, finding.path);
  if (name === 'no-deploy' || name === 'cluster-secret') {
    const use = name === 'no-deploy' ? 'disable' : 'token';
    const target = [...finding.path.slice(0, -1), use];
    const written = valueAt(document.data, target);
    if (written === undefined)
      return [{ title: say`Rename it to ${use}`, edits: renameKey(document, finding.path, use), safe: true }];
    if (use === 'token')
      return [{ title: say`Remove ${name}; token is set already`, edits: remove(document), safe: false }];
    const items = [...new Set([...listOf(written), ...listOf(valueAt(document.data, finding.path))])];
    return [
      {
        title: say`Move its items to disable`,
        edits: inSequence(document, (current) => setValue(current, target, items), remove),
        safe: true,
      },
    ];
  }
  if (name === 'no-flannel') {
    const target = [...finding.path.slice(0, -1), 'flannel-backend'];
    return [
      {
        title: say`Use flannel-backend: none`,
        edits: inSequence(document, (current) => setValue(current, target, 'none'), remove),
        safe: false,
      },
    ];
  }
  return [{ title: say`Remove ${name}`, edits: remove(document), safe: false }];
}
