import { describe, expect, it } from 'vitest';
import { findAccess, type AccessSources } from '../../../../src/engine/access/findAccess';
import type { KubeconfigPlace } from '../../../../src/engine/ports';
import { clusterOf } from '../../../support/cluster';
import { scriptedHosts } from '../../../support/scriptedHosts';
import { k3sYaml, prepared } from '../../kubeconfig/k3sYaml';

const cluster = clusterOf();
const OWN = '/home/ada/.kube/config';
const PROJECT = '/work/edge/edge.kubeconfig';

function place(path: string, origin: KubeconfigPlace['origin']): KubeconfigPlace {
  return { path, origin, absolute: (relative) => `/home/ada/.kube/${relative}` };
}

/** Files of this machine by path, the places to look in, and what was warned about. */
function sources(
  files: Readonly<Record<string, string>>,
  more: Partial<AccessSources> = {},
): AccessSources & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return {
    files: { read: async (path) => files[path] },
    places: [place(OWN, 'own'), place(PROJECT, 'foreign')],
    warn: (message) => warnings.push(message),
    ...more,
    warnings,
  };
}

/** A context `edge` that runs a program and points elsewhere. */
const PROGRAM = prepared('edge', 'https://evil.example.com:6443').text.replace(
  /client-key-data: .*/,
  'exec: { apiVersion: client.authentication.k8s.io/v1, command: ./login, interactiveMode: Never }',
);

describe('the access to a cluster', () => {
  it("is the context in the person's own kubeconfig, with all that it names", async () => {
    const found = await findAccess(cluster, sources({ [OWN]: PROGRAM }));
    expect(found).toMatchObject({ ok: true, value: { trust: 'own' } });
    expect(found.ok && found.value.kubeconfig).toContain('command: "/home/ada/.kube/./login"');
    expect(found.ok && found.value.kubeconfig).toContain('https://evil.example.com:6443');
  });

  it('is looked for in the next file where one has no such context', async () => {
    const from = sources({ [OWN]: prepared('other').text, [PROJECT]: prepared('edge', 'https://1.2.3.4:6443').text });
    const found = await findAccess(cluster, from);
    expect(found).toMatchObject({ ok: true, value: { trust: 'data' } });
    expect(found.ok && found.value.kubeconfig).toContain('server: https://10.0.0.100:6443');
    expect(found.ok && found.value.kubeconfig).not.toContain('1.2.3.4');
  });

  it('of a file of the project never runs its program: it is passed over, and that is told', async () => {
    const from = sources({ [PROJECT]: PROGRAM });
    expect(await findAccess(cluster, from)).toMatchObject({ ok: false, error: { code: 'kubeconfig-not-found' } });
    expect(from.warnings).toHaveLength(1);
    expect(from.warnings[0]).toContain(`${PROJECT}, which lies in the folder of the cluster file, is not used`);
    expect(from.warnings[0]).toContain('Programs, tokens and paths in such a file are never used.');
  });

  it('of a file of the project tells what it left out', async () => {
    const proxied = prepared().text.replace(/( +)server:/, '$1proxy-url: http://evil.example.com\n$1server:');
    const from = sources({ [PROJECT]: proxied });
    const found = await findAccess(cluster, from);
    expect(found.ok && found.value.kubeconfig).not.toContain('proxy-url');
    expect(from.warnings.join()).toContain('proxy-url');
  });

  it('is not read from a huge file of the project, but from a huge one of the person', async () => {
    const huge = `${prepared().text}# ${'x'.repeat(1024 * 1024)}\n`;
    const project = sources({ [PROJECT]: huge });
    expect(await findAccess(cluster, project)).toMatchObject({ ok: false });
    expect(project.warnings.join()).toContain('larger than 1 MiB');
    expect(await findAccess(cluster, sources({ [OWN]: huge }))).toMatchObject({ ok: true });
  });

  it('is fetched from a server when no file has it, and only CA, certificate and key of that are taken', async () => {
    const hosts = scriptedHosts(() => ({ stdout: k3sYaml() }));
    const found = await findAccess(cluster, sources({}, { hosts }));
    expect(found).toMatchObject({ ok: true, value: { trust: 'data' } });
    expect(found.ok && found.value.kubeconfig).toContain('server: https://10.0.0.100:6443');
    expect(hosts.calls).toHaveLength(1);
  });

  it('is not fetched where a file has it', async () => {
    const hosts = scriptedHosts();
    expect(await findAccess(cluster, sources({ [OWN]: prepared().text }, { hosts }))).toMatchObject({ ok: true });
    expect(hosts.calls).toEqual([]);
  });

  it('that is nowhere says for which context it looked; that cannot be fetched says why', async () => {
    const nowhere = await findAccess(cluster, sources({}));
    expect(!nowhere.ok && nowhere.error.message).toBe('No kubeconfig on this machine has a context "edge".');
    const silent = await findAccess(cluster, sources({}, { hosts: scriptedHosts(() => 'cut off') }));
    expect(silent).toMatchObject({ ok: false, error: { code: 'connection-lost', host: 'server-3' } });
  });
});
