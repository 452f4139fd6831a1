import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { normalise } from '../../../../src/core/cluster/normalise';
import type { Problem } from '../../../../src/core/base/problem';
import { apiAnswers } from '../../../../src/engine/guards/apiAnswers';
import { clusterOf } from '../../../support/cluster';
import { scriptedHosts, type Answer } from '../../../support/scriptedHosts';
import { stepContext } from '../../../support/stepContext';

const ETCD_ONLY = { 'disable-apiserver': true, 'disable-controller-manager': true, 'disable-scheduler': true };

async function guard(cluster: Cluster, on: string, answer: Answer = () => ({})) {
  const hosts = scriptedHosts(answer);
  const at = stepContext({ cluster, hosts, on });
  const refused: Problem | undefined = await apiAnswers.check(at.node(on), at);
  return { refused, asked: hosts.asked() };
}

const silent =
  (...ids: readonly string[]): Answer =>
  (host) =>
    ids.includes(host) ? { stderr: 'connection refused', exitCode: 1 } : {};

describe('whether the API stays', () => {
  it('asks the other servers, not the one that is to be stopped', async () => {
    const { refused, asked } = await guard(clusterOf(), 'server-2');
    expect(refused).toBeUndefined();
    expect([...asked].sort()).toEqual(['readyz server-1', 'readyz server-3']);
  });

  it('one other that answers is enough', async () => {
    expect((await guard(clusterOf(), 'server-2', silent('server-1'))).refused).toBeUndefined();
  });

  it('none is a refusal that names each with its reason', async () => {
    const { refused } = await guard(clusterOf(), 'server-2', silent('server-1', 'server-3'));
    expect(refused).toMatchObject({
      code: 'restart-would-break-cluster',
      host: 'server-2',
      message: 'server-2 is not stopped: the cluster would lose its API',
      why: 'no other server answers with a ready API; server-1 does not answer: connection refused; server-3 does not answer: connection refused',
    });
    expect(refused?.nextSteps.join()).toContain('then run again: everything done so far stays.');
  });

  it('an API that answers without being ready does not count, nor does a connection that breaks', async () => {
    const { refused } = await guard(clusterOf(), 'server-2', (host) =>
      host === 'server-1' ? { stdout: '[+]ping ok\n[-]etcd failed\n' } : 'cut off',
    );
    expect(refused?.why).toContain('server-1 does not answer');
    expect(refused?.why).toContain('The connection to server-3 was lost');
  });

  it('the only server with an API may be stopped, alone or beside servers of etcd alone', async () => {
    expect((await guard(clusterOf({ servers: 1 }), 'server-1')).refused).toBeUndefined();
    const nodes = [{}, ETCD_ONLY, ETCD_ONLY].map((config, i) => ({ host: `10.0.0.${i}`, name: `s${i}`, config }));
    const cluster = normalise({ metadata: { name: 'edge' }, datastore: { type: 'embedded-etcd' }, servers: { nodes } });
    const { refused, asked } = await guard(cluster, 's0', silent('s1', 's2'));
    expect(refused).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
