import { later, say } from '../../base/say';
import type { ClusterDocument } from '../../document/clusterDocument';
import { setValue } from '../../document/edit';
import type { ClusterNode } from '../../cluster/cluster';
import type { Fix, RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { inSequence } from '../../document/inSequence';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { byEntry, knowsS3Secret, S3_SECRET, s3Settings, usesS3 } from '../reading/snapshotOptions';
import { etcdMembers } from '../../cluster/roles';
import { writtenList } from '../../cluster/written';

export const s3BucketMissing = defineRule({
  id: 's3-bucket-missing',
  severity: 'error',
  title: later`Upload to S3 is switched on without a bucket`,
  rationale: `\`etcd-s3: true\` needs to know where to: a bucket in \`etcd-s3-bucket\`, or a Secret that holds all S3 settings in \`etcd-s3-config-secret\`. With neither, the server starts and takes its snapshots, but uploads none of them, and only its log says so (\`Unable to initialize S3 client\`).`,
  sources: [SOURCES.etcdSnapshot, SOURCES.s3Code],
  check: (context) =>
    withoutBucket(context).map(({ path, servers }) => {
      const reason = servers.some((server) => s3Settings(server).length > 0)
        ? 's3 bucket name was not set'
        : 's3 configuration was not set';
      return {
        ...firstPlace(context.document, value(path)),
        message: say`${nodeLabels(servers)} ${servers.length === 1 ? 'is' : 'are'} told to upload snapshots, but not to which bucket: nothing would be uploaded, and only the log would say "${reason}".`,
      };
    }),
  fix: (context, finding): readonly Fix[] => {
    const entry = withoutBucket(context).find(({ path }) => samePath(path, finding.path));
    const beside = (name: string) => [...finding.path.slice(0, -1), name];
    const add = (name: string, written: string) => (current: ClusterDocument) =>
      setValue(current, beside(name), written);
    const bucket = {
      title: say`Add etcd-s3-bucket (replace k3s-snapshots by the name of the bucket)`,
      edits: inSequence(context.document, add('etcd-s3-bucket', 'k3s-snapshots')),
      safe: false,
    };
    const isPlain =
      entry?.servers.every((server) => s3Settings(server).length === 0) === true && knowsS3Secret(context);
    if (!isPlain) return [bucket];
    const secret = {
      title: say`Take the settings from a Secret (create ${S3_SECRET} in kube-system)`,
      edits: inSequence(context.document, add('etcd-s3-config-secret', S3_SECRET)),
      safe: false,
    };
    return [bucket, secret];
  },
});

function withoutBucket(context: RuleContext) {
  const lacks = (server: ClusterNode) =>
    usesS3(server) &&
    writtenList(server, 'etcd-s3-bucket').length === 0 &&
    writtenList(server, 'etcd-s3-config-secret').length === 0;
  return byEntry(context, etcdMembers(context.cluster).filter(lacks), 'etcd-s3');
}
