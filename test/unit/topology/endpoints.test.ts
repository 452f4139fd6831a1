import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownEndpoints } from '../../../src/core/topology/endpoints';
import { wholeSnapshot } from './wholeSnapshot';
import type { DatastoreType } from '../../../src/core/datastore/kind';
import { cluster } from './clusters';

const shown = (type: DatastoreType, endpoint: string): readonly (string | undefined)[] =>
  shownEndpoints({ type, endpoint }).map((e) => e.address);

describe('what is shown of a datastore endpoint', () => {
  it.each([
    ['mysql', 'mysql://ksd:pw@tcp(db.example:3307)/k3s', ['db.example:3307']],
    ['mysql', 'mysql://ksd:p@ss/word@tcp(db.example)/k3s', ['db.example:3306']],
    ['mysql', 'mysql://ksd:${secret:team/db}@tcp([2001:db8::1]:3306)/k3s?x=1', ['[2001:db8::1]:3306']],
    ['postgres', 'postgres://u:pw@10.0.0.9/k3s?sslmode=verify-full', ['10.0.0.9:5432']],
    ['postgres', 'postgresql://u:${secret:team/db}@db:6000/k3s', ['db:6000']],
    ['etcd', 'https://10.0.9.1:2379, https://10.0.9.2:2379', ['10.0.9.1:2379', '10.0.9.2:2379']],
    ['nats', 'nats://token@n1:4222?bucket=kine', ['n1:4222']],
    ['nats', 'nats://u:pw@n1:4222,nats://n2:4222', ['n1:4222', 'n2:4222']],
    ['nats', 'nats://u:@SECRET,@n1:4222', [undefined, undefined]],
    ['nats', 'nats://u:1234,pw@n1:4222', [undefined, undefined]],
    ['nats', 'nats://u:a,nats://SECRET,nats://b@n1:4222', [undefined, undefined, undefined]],
    ['nats', 'nats://u:pw@n1:4222,nats://u:pw@n2:4222', [undefined, undefined]],
  ] as const)('%s %s', (type, endpoint, expected) => {
    expect(shown(type, endpoint)).toEqual(expected);
  });

  it.each([
    ['postgres', 'postgres://u:pa/ss@host/db'],
    ['postgres', 'postgres://u:p@x/ss@host/db'],
    ['postgres', 'postgres://u:p?ss@host/db'],
    ['mysql', 'mysql://u:pa/ss@tcp(host:3306)'],
    ['mysql', '${secret:endpoint}'],
    ['mysql', ''],
  ] as const)('shows nothing of %s %s, because the host cannot be told from the password', (type, endpoint) => {
    expect(shown(type, endpoint)).toEqual([undefined]);
  });

  it('never lets a piece of the password into the snapshot, whatever the password', () => {
    const hard = fc.stringMatching(/^[a-zA-Z0-9@/:?#.,()%&=-]{0,8}$/);
    fc.assert(
      fc.property(fc.constantFrom('mysql', 'postgres', 'etcd', 'nats'), hard, hard, (type, before, after) => {
        const password = `${before}QZSECRETZQ${after}`;
        const endpoint =
          type === 'mysql' ? `mysql://user:${password}@tcp(db:3306)/k3s` : `${type}://user:${password}@db:5000/k3s`;
        const snapshot = wholeSnapshot({
          cluster: cluster({ datastore: { type, endpoint, path: ['datastore'] }, token: 'QZSECRETZQ' }),
          findings: [],
          statuses: [],
          chosen: [],
          expanded: [],
          revision: 1,
          file: 'file:///edge.k3s.yaml',
          title: 'x',
          simulated: false,
          drift: [],
          run: { phase: 'idle', words: '' },
          actions: [],
        });
        expect(JSON.stringify(snapshot)).not.toContain('QZSECRETZQ');
      }),
      { numRuns: 400, examples: [['nats', ':@', ',']] },
    );
  });
});
