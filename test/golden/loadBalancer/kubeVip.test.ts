import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { LoadBalancer } from '../../../src/core/cluster/cluster';
import { normalise } from '../../../src/core/cluster/normalise';
import { manifestFault } from '../../../src/core/k3s/manifest';
import { kubeVipManifest } from '../../../src/core/loadBalancer/kubeVip';

const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;

function manifest(more: Readonly<Record<string, unknown>> = {}): string {
  const { loadBalancer } = normalise({ loadBalancer: { address: '10.0.0.100', type: 'kube-vip', ...more } });
  return kubeVipManifest(loadBalancer as LoadBalancer);
}

/** What Kubernetes is told to give to kube-vip. */
function environment(text: string): Readonly<Record<string, string>> {
  const set = parseAllDocuments(text).at(-1)?.toJS() as {
    spec: { template: { spec: { containers: [{ env: { name: string; value?: string }[] }] } } };
  };
  const { env } = set.spec.template.spec.containers[0];
  return Object.fromEntries(env.map(({ name, value }) => [name, value ?? 'of the pod']));
}

describe('the manifest of kube-vip', () => {
  it.each<[string, string]>([
    ['kube-vip-arp', manifest()],
    [
      'kube-vip-bgp',
      manifest({
        port: 7443,
        image: 'registry.example.com:5000/kube-vip/kube-vip:v1.0.4',
        bgp: {
          as: 65000,
          peers: [
            { address: '10.0.0.1', as: 65100 },
            { address: '10.9.0.1', as: 65101, multihop: true },
          ],
        },
      }),
    ],
  ])('%s', (name, text) => {
    const path = join(import.meta.dirname, `${name}.txt`);
    if (UPDATE) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
    expect(manifestFault(text)).toBeUndefined();
  });

  it('leaves the interface to each server, unless the file names it', () => {
    expect(environment(manifest())).not.toHaveProperty('vip_interface');
    expect(environment(manifest({ interface: 'ens18' }))['vip_interface']).toBe('ens18');
  });

  it('takes an address of IPv6 for itself alone', () => {
    expect(environment(manifest({ address: 'fd00::100' }))).toMatchObject({ address: 'fd00::100', vip_subnet: '128' });
  });

  it('holds texts of the file as texts, whatever stands in them', () => {
    const text = manifest({ image: 'x"\n          command: [sh]', interface: 'a: [b]\n- c' });
    expect(environment(text)['vip_interface']).toBe('a: [b]\n- c');
    expect(text).not.toMatch(/^\s*command:/m);
  });
});
