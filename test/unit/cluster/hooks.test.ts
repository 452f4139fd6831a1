import { describe, expect, it } from 'vitest';
import { hookEnvironment, hookTimeLimit, readHooks } from '../../../src/core/cluster/hooks';
import { clusterOf } from '../../support/cluster';

describe('hooks of a cluster file', () => {
  it('run on the host and for at most five minutes, unless the file says otherwise', () => {
    expect(
      readHooks([
        { when: 'before node-upgrade', run: './pre.sh' },
        { when: 'after apply', run: '~/bin/tell', on: 'here', timeout: '90s' },
      ]),
    ).toEqual([
      { side: 'before', event: 'node-upgrade', run: './pre.sh', on: 'host', timeoutMs: 300_000, path: ['hooks', 0] },
      { side: 'after', event: 'apply', run: '~/bin/tell', on: 'here', timeoutMs: 90_000, path: ['hooks', 1] },
    ]);
  });

  it('that are half typed are none', () => {
    expect(readHooks([null, {}, { when: 'before apply' }, { when: 'before node-remove', run: './x' }, 'x'])).toEqual(
      [],
    );
    expect(readHooks({ when: 'before apply' })).toEqual([]);
  });

  it('are told which machine of which cluster is changed to which release', () => {
    const cluster = clusterOf({ servers: 1 });
    expect(cluster.servers.map((node) => hookEnvironment(cluster, node))).toEqual([
      {
        K3S_HA_NODE: 'server-1',
        K3S_HA_HOST: '10.0.0.11',
        K3S_HA_ROLE: 'server',
        K3S_HA_CLUSTER: 'edge',
        K3S_HA_VERSION: 'v1.36.3+k3s1',
      },
    ]);
  });

  it('say their time limit as the file does', () => {
    expect([30_000, 90_000, 300_000, 3_600_000].map(hookTimeLimit)).toEqual(['30s', '90s', '5m', '1h']);
  });
});
