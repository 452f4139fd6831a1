import { describe, expect, it } from 'vitest';
import { problem } from '../../../../src/core/base/problem';
import { err } from '../../../../src/core/base/result';
import { reachApi } from '../../../../src/engine/access/reachApi';
import type { ApiEndpoint, RemoteHosts } from '../../../../src/engine/ports';
import { clusterOf } from '../../../support/cluster';
import { scriptedApi } from '../../../support/scriptedApi';
import { scriptedHosts } from '../../../support/scriptedHosts';
import { prepared } from '../../kubeconfig/k3sYaml';

const cluster = clusterOf();
const direct: ApiEndpoint = { kubeconfig: prepared().text, trust: 'data' };
const ADDRESS = 'https://10.0.0.100:6443';

/** Hosts whose tunnels are only counted. */
function tunnels(): RemoteHosts & { readonly opened: string[] } {
  const opened: string[] = [];
  return {
    ...scriptedHosts(),
    opened,
    openTunnel: async ({ id }, host, port) => {
      opened.push(`${id} ${host}:${port}`);
      return err(problem('no-tunnel', 'Only counted'));
    },
  };
}

describe('reaching the API', () => {
  it('goes straight to the fixed address where that answers, and opens no tunnel', async () => {
    const hosts = tunnels();
    const api = scriptedApi(() => undefined);
    expect(await reachApi(cluster, direct, api, hosts)).toEqual({
      ok: true,
      value: { endpoint: direct, via: 'direct', version: 'v1.36.3+k3s1' },
    });
    expect(api.asked).toEqual([ADDRESS]);
    expect(hosts.opened).toEqual([]);
  });

  it('goes through the first server that lets it, to its own listener and with the same credentials', async () => {
    const hosts = tunnels();
    let turn = 0;
    const api = scriptedApi(() => ((turn += 1) < 3 ? 'api-unreachable' : undefined));
    const reached = await reachApi(cluster, direct, api, hosts);
    if (!reached.ok) throw new Error(reached.error.message);
    expect(api.asked).toEqual([ADDRESS, 'https://127.0.0.1:6443', 'https://127.0.0.1:6443']);
    expect(reached.value.via).toBe('server-2');
    const { endpoint } = reached.value;
    expect(endpoint.trust).toBe('data');
    await endpoint.connect?.();
    expect(hosts.opened).toEqual(['server-2 127.0.0.1:6443']);
    expect(endpoint.kubeconfig).toContain('client-key-data');
    expect(endpoint.kubeconfig).not.toContain('10.0.0.100');
  });

  it('asks the port that the server listens on', async () => {
    const other = clusterOf({ serverConfig: { 'https-listen-port': 7443 } });
    const api = scriptedApi((server) => (server === 'https://127.0.0.1:7443' ? undefined : 'api-unreachable'));
    expect(await reachApi(other, direct, api, tunnels())).toMatchObject({ ok: true, value: { via: 'server-1' } });
  });

  it('leaves out servers without an API', async () => {
    const split = clusterOf();
    const [first, ...others] = split.servers;
    const etcdOnly = { ...first, config: { ...first?.config, 'disable-apiserver': true } };
    const servers = [etcdOnly, ...others] as typeof split.servers;
    const api = scriptedApi((server) => (server === ADDRESS ? 'api-unreachable' : undefined));
    expect(await reachApi({ ...split, servers }, direct, api, tunnels())).toMatchObject({ value: { via: 'server-2' } });
  });

  it.each(['api-unauthorized', 'api-forbidden', 'api-unknown-ca', 'kubeconfig-invalid'])(
    'takes no other way where none would help: %s',
    async (code) => {
      const api = scriptedApi(() => code);
      expect(await reachApi(cluster, direct, api, tunnels())).toMatchObject({ ok: false, error: { code } });
      expect(api.asked).toEqual([ADDRESS]);
    },
  );

  it('without hosts tries the fixed address alone', async () => {
    const api = scriptedApi(() => 'api-unreachable');
    expect(await reachApi(cluster, direct, api, undefined)).toMatchObject({ error: { code: 'api-unreachable' } });
    expect(api.asked).toEqual([ADDRESS]);
  });

  it('tells what is wrong with the fixed address when no way works', async () => {
    const api = scriptedApi((server) => (server === ADDRESS ? 'api-timeout' : 'api-unreachable'));
    const reached = await reachApi(cluster, direct, api, tunnels());
    expect(reached).toMatchObject({ ok: false, error: { code: 'api-timeout' } });
    expect(api.asked).toHaveLength(4);
  });

  it('stops at the next server when it is cancelled', async () => {
    const cancel = new AbortController();
    const api = scriptedApi((server) => {
      if (server !== ADDRESS) cancel.abort();
      return 'api-unreachable';
    });
    const reached = await reachApi(cluster, direct, api, tunnels(), cancel.signal);
    expect(reached).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect(api.asked).toHaveLength(2);
  });

  it('goes nowhere with a kubeconfig that has no cluster', async () => {
    const api = scriptedApi(() => 'api-unreachable');
    const empty: ApiEndpoint = { kubeconfig: 'apiVersion: v1\nkind: Config\n', trust: 'own' };
    expect(await reachApi(cluster, empty, api, tunnels())).toMatchObject({ error: { code: 'api-unreachable' } });
    expect(api.asked).toHaveLength(1);
  });
});
