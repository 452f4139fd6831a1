import { describe, expect, it } from 'vitest';
import { nodesOf } from '../../src/core/cluster/roles';
import { engineLab, stepIds, withServerOption } from './engineLab';

const SPLIT = `
    - host: 127.77.0.11
      name: etcd-1
      config: &etcd-only { disable-apiserver: true, disable-controller-manager: true, disable-scheduler: true }
    - host: 127.77.0.12
      name: etcd-2
      config: *etcd-only
    - host: 127.77.0.13
      name: etcd-3
      config: *etcd-only
    - host: 127.77.0.14
      name: control-1
      config: &control-plane-only { disable-etcd: true }
    - host: 127.77.0.15
      name: control-2
      config: *control-plane-only
agents:`;

/** The practice example with three servers for etcd alone and two for the control plane alone. */
const split = (text: string): string => text.replace(/\n {4}- host: 127\.77\.0\.11[^]*?\nagents:/, SPLIT);

describe('split roles', () => {
  it('provision, stay as they are in a second run, restart and upgrade one server after another', async () => {
    const them = await engineLab(split);
    expect(them.cluster.servers.map(({ id }) => id)).toEqual(['etcd-1', 'etcd-2', 'etcd-3', 'control-1', 'control-2']);
    const first = await them.run(await them.plan());
    expect(first.problems).toEqual([]);
    expect(stepIds(await them.plan())).toEqual([]);

    them.cluster = withServerOption(them.cluster, 'write-kubeconfig-mode', ['0640'] as never);
    const changed = await them.plan();
    expect(stepIds(changed).filter((id) => id.startsWith('restart:'))).toHaveLength(5);
    const restarted = await them.run(changed);
    expect(restarted.problems).toEqual([]);

    them.cluster = { ...them.cluster, k3s: { ...them.cluster.k3s, version: 'v1.36.4+k3s1' } };
    const upgraded = await them.run(await them.plan());
    expect(upgraded.problems).toEqual([]);
    expect(stepIds(await them.plan())).toEqual([]);
    expect(nodesOf(them.cluster)).toHaveLength(7);
  });
});
