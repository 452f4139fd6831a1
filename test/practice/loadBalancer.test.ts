import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import type { Log } from '../../src/engine/ports';
import { engineLab, stepIds, withServerOption, type EngineLab } from './engineLab';

const quiet = (): void => undefined;
const LOG: Log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/** The practice example with a load balancer that is installed on two further hosts. */
const lab = (type: 'haproxy' | 'nginx'): Promise<EngineLab> =>
  engineLab((text) =>
    text.replace(
      /( {2}address: 127\.77\.0\.100\n)(?:.*\n)*?(?=\S)/,
      `$1  type: ${type}\n  nodes:\n    - { host: 127.77.0.5, name: lb-1 }\n    - { host: 127.77.0.6, name: lb-2 }\n`,
    ),
  );

describe('a load balancer on the practice fleet', () => {
  it.each(['haproxy', 'nginx'] as const)(
    '%s is installed, says that it is simulated, and leads to the cluster',
    async (type) => {
      const { plan, run, fleet, cluster, hosts } = await lab(type);
      const api = createClusterApi({ log: LOG });
      const first = await plan();
      expect(first.plan.problems).toEqual([]);
      expect(stepIds(first)).toEqual(
        expect.arrayContaining([
          'install-packages:lb-1',
          `write-balancer:lb-2:${type}`,
          'write-balancer:lb-2:keepalived',
        ]),
      );
      const report = await run(first);
      expect(report.problems).toEqual([]);
      const second = await plan();
      expect(stepIds(second)).toEqual([]);
      expect(second.situation.facts.get('lb-1')?.balancer?.versions.get(type)).toBe(`${type}, simulated by K3s HA`);
      expect((await fetchKubeconfig(cluster, hosts, api)).ok).toBe(true);
      // The other host takes the address over, and without both nothing answers there.
      await fleet.powerOff('lb-1');
      expect((await fetchKubeconfig(cluster, hosts, api)).ok).toBe(true);
      await fleet.powerOff('lb-2');
      expect((await fetchKubeconfig(cluster, hosts, api)).ok).toBe(false);
    },
  );

  it('gives servers up one after another while they are restarted', async () => {
    const them = await lab('haproxy');
    expect((await them.run(await them.plan())).problems).toEqual([]);
    them.cluster = withServerOption(them.cluster, 'kube-apiserver-arg', ['v=1']);
    const prepared = await them.plan();
    expect(stepIds(prepared).filter((id) => id.startsWith('take-out'))).toEqual([
      'take-out:server-1',
      'take-out:server-2',
      'take-out:server-3',
    ]);
    expect((await them.run(prepared)).problems).toEqual([]);
    expect(stepIds(await them.plan())).toEqual([]);
  });

  it('goes from a server when the file has another one', async () => {
    const them = await engineLab((text) =>
      text.replace(
        /( {2}address: 127\.77\.0\.100\n)(?:.*\n)*?(?=\S)/,
        '$1  port: 8443\n  type: haproxy\n  nodes: [127.77.0.11, 127.77.0.12]\n',
      ),
    );
    expect((await them.run(await them.plan())).problems).toEqual([]);
    const { loadBalancer } = them.cluster;
    if (loadBalancer === undefined) throw new Error('no load balancer');
    them.cluster = { ...them.cluster, loadBalancer: { ...loadBalancer, type: 'external', nodes: [] } };
    const prepared = await them.plan();
    expect(stepIds(prepared)).toEqual(['remove-balancer:server-1', 'remove-balancer:server-2', 'await-nodes:server-1']);
    const files = (): boolean[] =>
      ['server-1', 'server-2'].map((id) => them.fleet.inspect(id).file('/etc/haproxy/haproxy.cfg') !== undefined);
    expect(files()).toEqual([true, true]);
    expect((await them.run(prepared)).problems).toEqual([]);
    expect(files()).toEqual([false, false]);
  });
});

describe('the examples of the practice fleet', () => {
  it.each(['practice-haproxy', 'practice-kube-vip'])(
    '%s provisions, and its address leads to the cluster',
    async (name) => {
      const path = join(import.meta.dirname, '../../examples', name, 'cluster.k3s.yaml');
      const { plan, run, cluster, hosts } = await engineLab(() => readFileSync(path, 'utf8'));
      expect((await run(await plan())).problems).toEqual([]);
      expect(stepIds(await plan())).toEqual([]);
      expect((await fetchKubeconfig(cluster, hosts, createClusterApi({ log: LOG }))).ok).toBe(true);
    },
  );
});
