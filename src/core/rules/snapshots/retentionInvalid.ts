import { later, said, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { RuleContext } from '../rule';
import { datastoreKind } from '../reading/datastore';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { scalarText } from '../../cluster/configValue';

interface Limit {
  readonly fallback: number | string;
  readonly consequence: string;
}

const LIMITS: Readonly<Record<string, Limit>> = {
  'etcd-snapshot-retention': {
    fallback: 5,
    consequence: later`newer releases of K3s refuse it, and older ones then never delete a snapshot, until the disk is full`,
  },
  'etcd-snapshot-reconcile-interval': {
    fallback: '10m0s',
    consequence: later`K3s stops with "must be greater than 0s"`,
  },
  'etcd-s3-timeout': {
    fallback: '5m0s',
    consequence: later`K3s stops with "must be greater than 0s", because no upload could ever end in time`,
  },
};

export const retentionInvalid = defineRule({
  id: 'retention-invalid',
  severity: 'error',
  title: later`A snapshot option that has to be greater than zero`,
  rationale: `At least one snapshot has to be kept, the list of snapshots has to be compared at some interval, and an upload needs some time. Zero does not mean "off" or "without limit" for any of these: newer releases of K3s refuse it (\`must be greater than 0s\`), older ones keep snapshots until the disk is full or give up every upload at once. To have no snapshots there is \`etcd-disable-snapshots\`.`,
  sources: [SOURCES.etcdSnapshot, SOURCES.snapshotCode],
  check: (context) =>
    zeroOptions(context).map(({ name, path, nodes, limit }) => ({
      ...firstPlace(context.document, value(path)),
      message: say`${name} has to be ${typeof limit.fallback === 'number' ? say`at least 1` : say`longer than 0s`} on ${nodeLabels(nodes)}: ${said(limit.consequence)}.`,
      data: { name },
    })),
  fix: ({ document }, finding) => {
    const fallback = LIMITS[finding.data?.['name'] ?? '']?.fallback ?? 5;
    return [
      {
        title: say`Write ${fallback}, the default of K3s`,
        edits: setValue(document, finding.path, fallback),
        safe: true,
      },
    ];
  },
});

function zeroOptions(context: RuleContext) {
  if (datastoreKind(context.cluster) !== 'embedded-etcd') return [];
  return writtenOptions(context).flatMap(({ role, name, value: written, path, nodes }) => {
    const limit = Object.hasOwn(LIMITS, name) ? LIMITS[name] : undefined;
    const text = scalarText(written);
    if (role !== 'server' || limit === undefined || text === undefined || nodes.length === 0) return [];
    return isZero(text) ? [{ name, path, nodes, limit }] : [];
  });
}

/** 0, 0s, 0m0s and everything below; the unit does not matter then. */
function isZero(text: string): boolean {
  return /^-\d/.test(text) || /^(?:0+(?:\.0*)?(?:ns|us|µs|ms|s|m|h)?)+$/.test(text);
}
