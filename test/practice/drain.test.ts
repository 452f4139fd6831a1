import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cordonNode, uncordonNode } from '../../src/core/remote/cordon';
import { drainNode } from '../../src/core/remote/drain';
import { writeFile } from '../../src/core/remote/file';
import { listNodes } from '../../src/core/remote/kubectl';
import { nodeSettled } from '../../src/core/remote/nodeSettled';
import { podsAndBudgets, type Pod } from '../../src/core/remote/pods';
import { recording } from '../support/journals';
import { shellHost } from '../support/shellHost';
import { agentOf, etcdServer, eventually, hasKubectl, startLab, type Lab } from './lab';

const OPTIONS = { emptyDir: true, unmanaged: false };
const MANIFESTS = '/var/lib/rancher/k3s/server/manifests';

const workload = (kind: string, name: string, spec = ''): string =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec:\n  ${spec}\n  template:\n    metadata: { labels: { app: ${name} } }\n`;
const BUDGET =
  'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: single }\nspec: { minAvailable: 1, selector: { matchLabels: { app: single } } }\n';

describe('pods and drains of a simulated cluster', () => {
  let lab: Lab;
  const pods = async (): Promise<readonly Pod[]> => {
    const seen = await lab.run('server-1', podsAndBudgets());
    if (!seen.ok) throw new Error(seen.error.message);
    return seen.value.pods;
  };
  const on = async (app: string): Promise<readonly Pod[]> => (await pods()).filter(({ name }) => name.startsWith(app));
  const running = (app: string, count: number): Promise<void> =>
    eventually(
      async () => (await on(app)).filter(({ ready }) => ready).length === count,
      () => `${app} does not run`,
    );

  beforeAll(async () => {
    lab = await startLab({ servers: 1, agents: 2 });
    await lab.bring('server-1', 'server', etcdServer());
    const through = lab.address('server-1');
    await Promise.all(['agent-1', 'agent-2'].map((id) => lab.bring(id, 'agent', agentOf(through))));
    const text = [
      workload('Deployment', 'web', 'replicas: 3'),
      workload('DaemonSet', 'ds'),
      workload('Deployment', 'single', 'replicas: 1'),
      BUDGET,
    ].join('---\n');
    await lab.run('server-1', writeFile(`${MANIFESTS}/web.yaml`, '0600', text));
    await Promise.all([running('web', 3), running('ds', 3), running('single', 1)]);
  });
  afterAll(() => lab.stop());

  it('spread over the nodes, a DaemonSet on each', async () => {
    const nodes = new Set((await on('ds')).map(({ node }) => node));
    expect([...nodes].sort()).toEqual(['agent-1', 'agent-2', 'server-1']);
  });

  it('are moved by a drain, DaemonSets excepted, and a budget keeps its pod until it is gone', async () => {
    const [single] = await on('single');
    const name = single?.node ?? '';
    expect(await lab.run('server-1', cordonNode(name))).toEqual({ ok: true, value: 'ours' });
    const output = await lab.output('server-1', drainNode(name, OPTIONS));
    const generic = (text: string): string =>
      text.replaceAll(/single-[0-9a-z-]+/g, 'single-x').replaceAll('20s', '10s');
    const recorded = generic(recording('drain.txt'));
    for (const line of generic(output.stderr)
      .split('\n')
      .filter((text) => /^error when evicting/.test(text)))
      expect(recorded).toContain(`err| ${line}\n`);
    expect(output.stderr).toContain('(will retry after 5s)');
    expect(drainNode(name, OPTIONS).parse(output)).toEqual({
      ok: true,
      value: { kind: 'waiting', kept: [{ namespace: 'default', name: single?.name }], ending: [] },
    });
    expect((await on('web')).filter((pod) => pod.node === name)).toEqual([]);

    await lab.run('server-1', writeFile(`${MANIFESTS}/web.yaml`, '0600', workload('Deployment', 'web', 'replicas: 3')));
    await eventually(
      async () => (await on('single')).length === 0,
      () => 'the deployment is not taken away',
    );
    expect(await lab.run('server-1', drainNode(name, OPTIONS))).toEqual({ ok: true, value: { kind: 'drained' } });
    await running('web', 3);
    expect(await lab.run('server-1', uncordonNode(name))).toEqual({ ok: true, value: 'ours' });
  });

  it('are refused to go where nothing would make them anew', async () => {
    const bare =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: bare }\nspec: { volumes: [{ name: data, emptyDir: {} }] }\n';
    await lab.run('server-1', writeFile(`${MANIFESTS}/bare.yaml`, '0600', bare));
    await running('bare', 1);
    const [pod] = await on('bare');
    expect(await lab.run('server-1', drainNode(pod?.node ?? '', { ...OPTIONS, emptyDir: false }))).toMatchObject({
      ok: false,
      error: {
        code: 'drain-refused',
        details: ['nothing makes them anew: default/bare', 'their emptyDir would go with them: default/bare'],
      },
    });
  });

  it.skipIf(!hasKubectl)('are read and cordoned by the real kubectl with the same scripts', async () => {
    const kubeconfig = await lab.kubeconfig('server-1', lab.address('server-1'));
    const host = shellHost('/bin/sh');
    try {
      host.program('k3s', `shift\nHOME=$HOST KUBECONFIG=${kubeconfig} exec /usr/bin/kubectl "$@"\n`);
      const seen = podsAndBudgets().parse(await host.run(podsAndBudgets()));
      expect(seen).toEqual(await lab.run('server-1', podsAndBudgets()));
      expect(seen).toMatchObject({ ok: true, value: { pods: expect.arrayContaining([expect.anything()]) as unknown } });
      const settled = await host.run(nodeSettled('agent-1', false));
      expect(nodeSettled('agent-1', false).parse(settled)).toEqual(
        await lab.run('server-1', nodeSettled('agent-1', false)),
      );
      expect(await lab.run('server-1', nodeSettled('agent-1', false))).toMatchObject({
        ok: true,
        value: { release: 'v1.36.3+k3s1', ready: true, waiting: [] },
      });
      const cordoned = async (): Promise<unknown[]> => {
        const nodes = await lab.run('server-1', listNodes());
        if (!nodes.ok) throw new Error(nodes.error.message);
        const all = nodes.value as { metadata: { name: string }; spec: { unschedulable?: boolean } }[];
        return all.filter(({ spec }) => spec.unschedulable === true).map(({ metadata }) => metadata.name);
      };
      const run = async (command: ReturnType<typeof cordonNode>) => command.parse(await host.run(command));
      expect(await run(cordonNode('agent-2'))).toEqual({ ok: true, value: 'ours' });
      expect(await cordoned()).toContain('agent-2');
      expect(await run(uncordonNode('agent-2'))).toEqual({ ok: true, value: 'ours' });
      expect(await cordoned()).not.toContain('agent-2');
      expect(await run(cordonNode('nosuch'))).toEqual({ ok: true, value: 'absent' });
    } finally {
      host.remove();
    }
  });
});
