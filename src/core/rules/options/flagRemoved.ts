import type { ClusterDocument } from '../../document/clusterDocument';
import { removeEntry, renameKey, setValue } from '../../document/edit';
import { compareK3sVersions, parseK3sVersion } from '../../k3s/versions';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { listOf } from '../../cluster/configValue';

interface Removed {
  /** First release without the option. */
  readonly since: string;
  readonly use: string;
}

const REMOVED: Readonly<Record<string, Removed>> = {
  'no-deploy': { since: 'v1.26.0+k3s1', use: 'disable' },
  'cluster-secret': { since: 'v1.26.0+k3s1', use: 'token' },
  'no-flannel': { since: 'v1.26.0+k3s1', use: 'flannel-backend: none' },
  'disable-selinux': { since: 'v1.23.0+k3s1', use: 'selinux' },
};

export const flagRemoved = defineRule({
  id: 'flag-removed',
  severity: 'error',
  title: 'An option that K3s no longer has',
  rationale: `Options of old tutorials are gone. A server skips an unknown key of its configuration with nothing but a warning in the log, so the setting is lost without anyone noticing; an agent stops with \`flag provided but not defined\`.`,
  sources: [SOURCES.configParser, SOURCES.serverOptions],
  check: ({ cluster, document }) => {
    const version = parseK3sVersion(cluster.k3s.version ?? '');
    return writtenOptions({ cluster, document }).flatMap(({ role, name, path }) => {
      const removed = Object.hasOwn(REMOVED, name) ? REMOVED[name] : undefined;
      const since = parseK3sVersion(removed?.since ?? '');
      if (removed === undefined || since === undefined) return [];
      if (version !== undefined && compareK3sVersions(version, since) < 0) return [];
      const effect =
        role === 'server'
          ? 'servers skip it, so it has no effect'
          : `agents stop with "flag provided but not defined: -${name}"`;
      return [
        {
          ...firstPlace(document, key(path)),
          message: `K3s ${cluster.k3s.version ?? 'of today'} has no option ${name} any more: ${effect}. Use ${removed.use}.`,
          data: { name },
        },
      ];
    });
  },
  fix: ({ document }, finding): readonly Fix[] => {
    const name = finding.data?.['name'] ?? '';
    const remove = (current: ClusterDocument) => removeEntry(current, finding.path);
    if (name === 'no-deploy' || name === 'cluster-secret') {
      const use = name === 'no-deploy' ? 'disable' : 'token';
      const target = [...finding.path.slice(0, -1), use];
      const written = valueAt(document.data, target);
      if (written === undefined)
        return [{ title: `Rename it to ${use}`, edits: renameKey(document, finding.path, use), safe: true }];
      if (use === 'token')
        return [{ title: `Remove ${name}; token is set already`, edits: remove(document), safe: false }];
      const items = [...new Set([...listOf(written), ...listOf(valueAt(document.data, finding.path))])];
      return [
        {
          title: 'Move its items to disable',
          edits: inSequence(document, (current) => setValue(current, target, items), remove),
          safe: true,
        },
      ];
    }
    if (name === 'no-flannel') {
      const target = [...finding.path.slice(0, -1), 'flannel-backend'];
      return [
        {
          title: 'Use flannel-backend: none',
          edits: inSequence(document, (current) => setValue(current, target, 'none'), remove),
          safe: false,
        },
      ];
    }
    return [{ title: `Remove ${name}`, edits: remove(document), safe: false }];
  },
});
