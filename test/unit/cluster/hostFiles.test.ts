import { describe, expect, it } from 'vitest';
import { disclosuresOf } from '../../../src/core/cluster/disclosures';
import { needsAgreement } from '../../../src/core/cluster/hostFiles';
import { clusterOf } from '../../support/cluster';

describe('files of this machine that go to hosts', () => {
  it.each(['certs/ca.crt', './ca.crt', 'a/../ca.crt'])('%s came with the cluster file', (from) => {
    expect(needsAgreement(from, 'ca')).toBe(false);
  });

  it.each(['/etc/passwd', '~/ca.crt', '../ca.crt', '.env', './.git/config', 'a/.netrc', '.\\.env'])(
    '%s is asked about, for it may be something else of the person',
    (from) => {
      expect(needsAgreement(from, 'ca')).toBe(true);
    },
  );

  it('a key is asked about wherever it lies, for the servers that get it', () => {
    const datastore = { type: 'etcd', endpoint: 'https://10.0.0.60:2379', caFile: '~/ca.crt', certFile: 'client.crt' };
    const cluster = clusterOf({ servers: 2, datastore: { ...datastore, keyFile: 'client.key' } });
    const files = disclosuresOf(cluster).filter(({ kind }) => kind === 'file');
    expect(files.map(({ name, use, machine }) => `${name} ${use} ${machine.id}`)).toEqual([
      '~/ca.crt datastore.caFile server-1',
      'client.key datastore.keyFile server-1',
      '~/ca.crt datastore.caFile server-2',
      'client.key datastore.keyFile server-2',
    ]);
  });
});
