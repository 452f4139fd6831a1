import { describe, expect, it } from 'vitest';
import { accessFrom, fetchKubeconfig } from '../../../../src/engine/access/fetchKubeconfig';
import { normalise } from '../../../../src/core/cluster/normalise';
import { clusterOf } from '../../../support/cluster';
import { scriptedApi } from '../../../support/scriptedApi';
import { scriptedHosts, type CallAnswer } from '../../../support/scriptedHosts';
import { CA, k3sYaml, KEY } from '../../kubeconfig/k3sYaml';

const cluster = clusterOf();
const open = scriptedApi(() => undefined);
const gives: CallAnswer = () => ({ stdout: k3sYaml() });

describe('fetching the kubeconfig', () => {
  it('takes it from the first server, with the address and the name of the cluster file, and proves it', async () => {
    const hosts = scriptedHosts(gives);
    const api = scriptedApi(() => undefined);
    const fetched = await fetchKubeconfig(cluster, hosts, api);
    expect(fetched).toMatchObject({
      ok: true,
      value: { prepared: { name: 'edge', server: 'https://10.0.0.100:6443' }, apiVersion: 'v1.36.3+k3s1' },
    });
    expect(hosts.calls.map(({ host, args }) => [host, ...args])).toEqual([['server-1', '/etc/rancher/k3s/k3s.yaml']]);
    expect(api.asked).toEqual(['https://10.0.0.100:6443']);
  });

  it('asks the next server where one does not answer or has no such file', async () => {
    const hosts = scriptedHosts((host) => {
      if (host === 'server-1') return 'cut off';
      return host === 'server-2' ? { exitCode: 1, stderr: 'No such file' } : { stdout: k3sYaml() };
    });
    expect(await fetchKubeconfig(cluster, hosts, open)).toMatchObject({ ok: true });
    expect(hosts.calls.map(({ host }) => host)).toEqual(['server-1', 'server-2', 'server-3']);
  });

  it('tells the last reason when no server has one', async () => {
    const hosts = scriptedHosts((host) =>
      host === 'server-3' ? { exitCode: 1, stderr: 'Permission denied' } : 'cut off',
    );
    expect(await fetchKubeconfig(cluster, hosts, open)).toMatchObject({ ok: false, error: { host: 'server-3' } });
  });

  it('asks nobody else once it is cancelled', async () => {
    const cancel = new AbortController();
    const hosts = scriptedHosts(() => {
      cancel.abort();
      return 'endless';
    });
    expect(await fetchKubeconfig(cluster, hosts, open, cancel.signal)).toMatchObject({ ok: false });
    expect(hosts.calls).toHaveLength(1);
  });

  it('of a server that gives something else is a problem of that server, not a reason to ask another', async () => {
    const hosts = scriptedHosts(() => ({ stdout: 'apiVersion: v1\nkind: Config\n' }));
    const fetched = await fetchKubeconfig(cluster, hosts, open);
    expect(fetched).toMatchObject({ ok: false, error: { host: 'server-1' } });
    expect(hosts.calls).toHaveLength(1);
  });

  it('is not given away unproved: what the API says against it is told instead', async () => {
    const api = scriptedApi(() => 'api-unknown-ca');
    const fetched = await fetchKubeconfig(cluster, scriptedHosts(gives), api);
    expect(fetched).toMatchObject({ ok: false, error: { code: 'api-unknown-ca' } });
    expect(JSON.stringify(fetched)).not.toContain(KEY);
  });

  it('looks where the server was told to write it', async () => {
    const hosts = scriptedHosts(gives);
    await fetchKubeconfig(clusterOf({ serverConfig: { 'write-kubeconfig': '/root/edge.yaml' } }), hosts, open);
    expect(hosts.calls[0]?.args).toEqual(['/root/edge.yaml']);
  });

  it('checks certificates against the name that the file gives', () => {
    const named = { ...cluster, loadBalancer: { ...cluster.loadBalancer, tlsServerName: 'k3s.example.com' } };
    const access = accessFrom(named as typeof cluster, k3sYaml());
    expect(access.ok && access.value.text).toContain('tls-server-name: k3s.example.com');
    expect(access.ok && access.value.text).toContain(CA);
    const plain = accessFrom(cluster, k3sYaml());
    expect(plain.ok && plain.value.text).not.toContain('tls-server-name');
  });

  it('of a file without servers says what is missing', async () => {
    const none = normalise({ metadata: { name: 'edge' } });
    const fetched = await fetchKubeconfig(none, scriptedHosts(gives), open);
    expect(fetched).toMatchObject({ ok: false, error: { code: 'no-server' } });
    expect(!fetched.ok && fetched.error.nextSteps.join()).toContain('servers.nodes');
  });
});
