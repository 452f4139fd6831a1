import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import { connectCluster, type Connection } from '../../../../src/engine/access/connectCluster';
import type { ClusterApi } from '../../../../src/engine/ports';
import { clusterOf } from '../../../support/cluster';
import { probeText, scriptedHosts, type Answer, type ScriptedHosts } from '../../../support/scriptedHosts';
import { CA, k3sYaml, pem, prepared } from '../../kubeconfig/k3sYaml';

const cluster = clusterOf();
const OTHER_CA = pem('CERTIFICATE', 'T1RIRVI=');

/** An API whose certificate the CA of kubeconfigs with `ca` has issued; nothing answers without one. */
function apiOf(ca: string | undefined): ClusterApi {
  return {
    verify: async ({ kubeconfig }) => {
      if (ca === undefined) return err(problem('api-unreachable', 'Nothing answers.'));
      return kubeconfig.includes(ca)
        ? ok({ gitVersion: 'v1.36.3+k3s1' })
        : err(problem('api-unknown-ca', 'The certificate was not issued by the CA in the kubeconfig.'));
    },
    listNodes: async () => ok([]),
    listWorkloads: async () => ok({ nodes: [], pods: [], budgets: [], volumes: [] }),
    watchNodes: async () => undefined,
  };
}

async function connect(
  kubeconfig: string | undefined,
  api: ClusterApi,
  hosts?: ScriptedHosts,
): Promise<Connection['kind']> {
  const connection = await connectCluster(
    cluster,
    {
      files: { read: async () => kubeconfig },
      places: [{ path: '/home/ada/.kube/config', origin: 'own', absolute: (path) => path }],
      warn: () => undefined,
      ...(hosts === undefined ? {} : { hosts }),
    },
    api,
    new AbortController().signal,
  );
  return connection.kind;
}

const kubeconfigOf = (ca: string): string => prepared(cluster.name, 'https://10.0.0.100:6443', ca).text;
const installed: Answer = (_host, script) =>
  script === 'read-file' ? { stdout: k3sYaml(CA) } : { stdout: probeText({ k3s_version: 'v1.36.3+k3s1' }) };
const bare: Answer = (_host, script) =>
  script === 'read-file' ? { exitCode: 2, stderr: 'does not exist' } : { stdout: probeText() };

describe('connecting to a cluster', () => {
  it('succeeds with the kubeconfig of this machine', async () => {
    expect(await connect(kubeconfigOf(CA), apiOf(CA))).toBe('reached');
  });

  it('tells an old kubeconfig from a cluster that is down', async () => {
    expect(await connect(kubeconfigOf(OTHER_CA), apiOf(CA))).toBe('other-installation');
    expect(await connect(kubeconfigOf(CA), apiOf(undefined))).toBe('unreachable');
  });

  it('gets the present kubeconfig from a server when it may ask the servers', async () => {
    expect(await connect(kubeconfigOf(OTHER_CA), apiOf(CA), scriptedHosts(installed))).toBe('reached');
  });

  it('without a kubeconfig is no failure', async () => {
    expect(await connect(undefined, apiOf(CA))).toBe('no-kubeconfig');
  });

  it('finds that nothing is installed only when every server was seen without K3s', async () => {
    expect(await connect(kubeconfigOf(CA), apiOf(undefined), scriptedHosts(bare))).toBe('not-provisioned');
    expect(await connect(undefined, apiOf(undefined), scriptedHosts(bare))).toBe('not-provisioned');
    const oneIsGone: Answer = (host, script, turn) => (host === 'server-2' ? 'cut off' : bare(host, script, turn));
    expect(await connect(undefined, apiOf(undefined), scriptedHosts(oneIsGone))).toBe('unreachable');
    expect(await connect(undefined, apiOf(undefined), scriptedHosts(installed))).toBe('unreachable');
  });
});
