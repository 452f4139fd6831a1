import { describe, expect, it } from 'vitest';
import { disclosuresOf } from '../../../src/core/cluster/disclosures';
import { hookEnvironment, hookTimeLimit, readHooks } from '../../../src/core/cluster/hooks';
import { parseDocument } from '../../../src/core/document/parse';
import { validateSchema } from '../../../src/core/language/validateSchema';
import { clusterOf } from '../../support/cluster';
import { clusterFile, SERVERS } from '../language/marked';

const found = (hook: string): readonly string[] =>
  validateSchema(parseDocument(clusterFile(`hooks: [${hook}]\n${SERVERS}`))).map(({ message }) => message);

describe('hooks of a cluster file', () => {
  it('are checked while they are typed', () => {
    expect(found('{ when: before node-upgrade, run: ./pre.sh, on: here, timeout: 1h }')).toEqual([]);
    expect(found('{ when: before node-move, run: ./pre.sh }')).toMatchObject([
      expect.stringContaining('before node-upgrade') as string,
    ]);
    expect(found('{ when: after apply, run: ./pre.sh, timeout: 5 minutes }')).toMatchObject([
      expect.stringContaining('a duration of at most 9 hours') as string,
    ]);
    expect(found('{ when: after apply }')).toMatchObject([expect.stringContaining('run') as string]);
  });

  it('that go to hosts are asked about when they did not come with the file', () => {
    const hooks = ['./pre.sh', '../other/pre.sh', '.git/hooks/x', '~/bin/tell'].map((run) => ({
      when: 'before apply',
      run,
    }));
    const cluster = { ...clusterOf({ servers: 1, agents: 0 }), hooks: readHooks(hooks) };
    const asked = disclosuresOf(cluster).filter(({ use }) => use === 'hooks');
    expect(asked.map(({ kind, name, machine }) => [kind, name, machine.id])).toEqual(
      ['../other/pre.sh', '.git/hooks/x', '~/bin/tell'].map((name) => ['file', name, 'server-1']),
    );
  });

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
    expect(readHooks([null, {}, { when: 'before apply' }, { when: 'before node-move', run: './x' }, 'x'])).toEqual([]);
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
