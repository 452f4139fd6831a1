import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClusterApi } from '../../../src/adapters/kubernetes/api';
import { makeAuthority } from './certificates';

const pods = (from: number, to: number): unknown[] =>
  Array.from({ length: to - from }, (_, i) => ({ metadata: { namespace: 'shop', name: `web-${from + i}` } }));

/** Answers by path, with what a test gives for it; real TLS. */
describe('the list of workloads', () => {
  const api = createClusterApi({ log: { debug: () => undefined } });
  const requests: string[] = [];
  let answers: Record<string, unknown>;
  let kubeconfig = '';
  let stop = (): void => undefined;

  beforeAll(async () => {
    const [ca, clients] = await Promise.all([makeAuthority('k3s-server-ca@1'), makeAuthority('k3s-client-ca@1')]);
    const admin = await clients.client('CN=system:admin,O=system:masters');
    const server = createServer(await ca.server(['127.0.0.1']), (request, response) => {
      const url = new URL(request.url ?? '/', 'https://double');
      requests.push(`${request.method} ${url.pathname}${url.search}`);
      const key = url.searchParams.has('continue')
        ? `${url.pathname} ${url.searchParams.get('continue')}`
        : url.pathname;
      const answer = answers[key] ?? { items: [] };
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
    const data = (pem: string): string => Buffer.from(pem).toString('base64');
    kubeconfig = JSON.stringify({
      clusters: [
        {
          name: 'edge',
          cluster: {
            server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
            'certificate-authority-data': data(ca.cert),
          },
        },
      ],
      contexts: [{ name: 'edge', context: { cluster: 'edge', user: 'edge' } }],
      users: [
        { name: 'edge', user: { 'client-certificate-data': data(admin.cert), 'client-key-data': data(admin.key) } },
      ],
      'current-context': 'edge',
    });
  });
  afterAll(() => stop());

  it('comes in pages, and only by reading', async () => {
    requests.length = 0;
    answers = {
      '/api/v1/nodes': { items: [{ metadata: { name: 'server-1' } }] },
      '/api/v1/pods': { items: pods(0, 500), metadata: { continue: 'more' } },
      '/api/v1/pods more': { items: pods(500, 740) },
      '/api/v1/persistentvolumes': {
        items: [
          { metadata: { name: 'nfs' }, spec: { nfs: {} } },
          { metadata: { name: 'pvc-1' }, spec: { claimRef: { namespace: 'shop', name: 'data' }, hostPath: {} } },
        ],
      },
    };
    const listed = await api.listWorkloads({ kubeconfig });
    expect(listed).toMatchObject({
      ok: true,
      value: { volumes: [{ claim: 'shop/data', name: 'pvc-1' }], budgets: [] },
    });
    expect(listed.ok && listed.value.pods.map(({ name }) => name).at(-1)).toBe('web-739');
    expect(requests.every((line) => line.startsWith('GET ') && line.includes('limit=500'))).toBe(true);
    expect(requests).toHaveLength(5);
  });

  it.each(['<html>welcome</html>', '{"items":7}', '[]x'])('is a problem when %s comes instead', async (garbage) => {
    answers = { '/api/v1/pods': garbage };
    expect(await api.listWorkloads({ kubeconfig })).toMatchObject({
      ok: false,
      error: { code: 'api-failed', message: expect.stringContaining('something that is no list of pods') },
    });
  });
});
