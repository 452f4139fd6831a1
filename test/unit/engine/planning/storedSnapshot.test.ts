import { describe, expect, it } from 'vitest';
import { objectUrl } from '../../../../src/core/k3s/objectAddress';
import { storedSnapshot } from '../../../../src/engine/planning/storedSnapshot';
import { clusterOf } from '../../../support/cluster';
import { situationOf } from '../../../support/plans';
import { factsWithSnapshots, liveWith } from '../../../support/snapshots';

const NAME = 'far-server-1-1795739771';
const S3 = {
  'etcd-s3': true,
  'etcd-s3-bucket': 'backup',
  'etcd-s3-access-key': 'AKIDEXAMPLE',
  'etcd-s3-secret-key': '${secret:s3}',
};

function found(config: object = S3, listed: readonly string[] = ['s3'], intent: object = { snapshot: NAME }) {
  const plain = clusterOf();
  const cluster = {
    ...plain,
    servers: plain.servers.map((one) => ({ ...one, config: { ...one.config, ...(config as typeof one.config) } })),
  };
  const objects = listed.map((node) => ({ name: NAME, node, location: `${node}://far`, size: 9, created: 0 }));
  const facts = factsWithSnapshots(cluster, { 'server-1': { 'near-server-1-1795739771': 9 } });
  const at = storedSnapshot(situationOf(cluster, facts, { live: liveWith(objects) }), intent);
  return at === undefined ? undefined : 'code' in at ? at.code : `${objectUrl(at.at, at.key)} ${at.size ?? 'any'}`;
}

describe('the snapshot that a restore has to get from S3', () => {
  const URL = `https://backup.s3.amazonaws.com/${NAME}`;

  it('is one that is on no disk, whether K3s lists it or does not answer', () => {
    expect(found()).toBe(`${URL} 9`);
    expect(found(S3, [])).toBe(`${URL} any`);
    expect(found({ ...S3, 'etcd-s3-folder': 'k3s/' }, [])).toContain(`.com/k3s/${NAME} `);
    // The server whose disk has it was not seen.
    expect(found(S3, ['server-9', 's3'])).toBe(`${URL} 9`);
    expect(found(S3, [], { snapshot: 'near-server-1-1795739771' })).toBe(undefined);
  });

  it('is none where something else is meant, or the name cannot be one', () => {
    expect(found(S3, ['s3'], { copyPath: '/backup/x' })).toBe(undefined);
    expect(found(S3, ['s3'], { survivor: true, from: 'server-1' })).toBe(undefined);
    expect(found(S3, ['s3'], { snapshot: '../../etc/passwd' })).toBe(undefined);
    expect(found({}, [])).toBe(undefined);
  });

  it('is refused when the file does not tell how to get it', () => {
    expect(found({})).toBe('snapshot-in-s3');
    expect(found({ 'etcd-s3': true, 'etcd-s3-config-secret': 'k3s-etcd-snapshot-s3-config' })).toBe('snapshot-in-s3');
    expect(found({ ...S3, 'etcd-s3-secret-key': '' })).toBe('snapshot-in-s3');
    expect(found({ ...S3, 'etcd-s3-endpoint': 'https://minio.lan/backup' })).toBe('snapshot-in-s3');
  });
});
