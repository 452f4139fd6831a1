import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import type { Fix, RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { slug } from '../../base/names';
import { isSnapshotOption, knowsS3Secret, S3_SECRET } from '../reading/snapshotOptions';
import { etcdMembers } from '../../cluster/roles';
import { scalarText } from '../../cluster/configValue';
import { isWrittenOn, writtenValue } from '../../cluster/written';

export const snapshotsOnlyLocal = defineRule({
  id: 'snapshots-only-local',
  severity: 'info',
  title: later`The snapshots lie on the servers that they are to save`,
  rationale: `A snapshot of etcd stays on the disk of the server that took it. If the machines are lost together (a fire, a stolen rack, a deleted project), the snapshots go with them. With \`etcd-s3\` each server uploads its snapshots to a bucket as well; the settings may come from a Secret in the cluster, so that no key stands in a file. Keep the server token beside them: without it a snapshot cannot be restored.

The rule speaks where the file says something about snapshots and nothing takes them off the machines. A folder of your own (\`etcd-snapshot-dir\`), which may be a network drive, and a written \`etcd-s3: false\` count as an answer.`,
  sources: [SOURCES.etcdSnapshot],
  check: (context) => {
    const { cluster, document } = context;
    const members = etcdMembers(cluster);
    if (members.length === 0) return [];
    const written = writtenOptions(context).filter(({ role, name }) => role === 'server' && isSnapshotOption(name));
    const first =
      written.find(({ name }) => name.startsWith('etcd-s3-')) ??
      written.find(({ name }) => name !== 'etcd-disable-snapshots');
    const isAnswered = written.some(({ name }) => name === 'etcd-s3' || name === 'etcd-snapshot-dir');
    if (first === undefined || isAnswered || members.every((server) => isWrittenOn(server, 'etcd-disable-snapshots')))
      return [];
    return [
      {
        ...firstPlace(document, key(first.path)),
        message: first.name.startsWith('etcd-s3-')
          ? say`Without etcd-s3: true, ${first.name} has no effect: the snapshots stay on the servers that they are to save.`
          : say`The snapshots lie only on the servers that they are to save. With etcd-s3 each of them goes to a bucket as well.`,
      },
    ];
  },
  fix: (context, finding): readonly Fix[] => uploads(context, String(finding.path.at(-1)).startsWith('etcd-s3-')),
});

function uploads(context: RuleContext, isConfigured: boolean): readonly Fix[] {
  const { cluster, document } = context;
  const write = (name: string, written: string | boolean) => (current: ClusterDocument) =>
    setValue(current, ['servers', 'config', name], written);
  const on = write('etcd-s3', true);
  if (isConfigured) {
    const hasBucket = cluster.servers.every(
      (server) =>
        scalarText(writtenValue(server, 'etcd-s3-bucket') ?? writtenValue(server, 'etcd-s3-config-secret')) !==
        undefined,
    );
    return hasBucket ? [{ title: say`Add etcd-s3: true`, edits: on(document), safe: false }] : [];
  }
  const secret = `\${secret:${slug(cluster.name) || 'cluster'}-s3`;
  const keys = {
    title: say`Upload them to S3 (replace s3.example.com and k3s-snapshots by your service and bucket)`,
    edits: inSequence(
      document,
      on,
      write('etcd-s3-endpoint', 's3.example.com'),
      write('etcd-s3-bucket', 'k3s-snapshots'),
      write('etcd-s3-access-key', `${secret}-access-key}`),
      write('etcd-s3-secret-key', `${secret}-secret-key}`),
    ),
    safe: false,
  };
  const fromSecret = {
    title: say`Upload them to S3 with the settings in a Secret (create ${S3_SECRET} in kube-system)`,
    edits: inSequence(document, on, write('etcd-s3-config-secret', S3_SECRET)),
    safe: false,
  };
  return knowsS3Secret(context) ? [fromSecret, keys] : [keys];
}
