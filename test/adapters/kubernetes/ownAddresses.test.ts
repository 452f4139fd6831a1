import { describe, expect, it } from 'vitest';
import { ownAddresses } from '../../../src/adapters/kubernetes/ownAddresses';
import { sha256 } from '../../../src/adapters/system/sha256';
import type { KubeconfigPlace } from '../../../src/engine/ports';

const place = (path: string, origin: KubeconfigPlace['origin'] = 'own'): KubeconfigPlace => ({
  path,
  origin,
  absolute: (relative) => relative,
});
const cluster = (server: string, authority: string): string =>
  `- name: ${server}\n  cluster:\n    server: ${server}\n    certificate-authority-data: ${Buffer.from(authority).toString('base64')}\n`;

describe('addresses of a cluster in kubeconfigs of the person', () => {
  it('are those with the authority of that cluster, in their own files only', async () => {
    const texts: Record<string, string> = {
      mine: `clusters:\n${cluster('https://lb:6443', 'CA')}${cluster('https://else:6443', 'other CA')}`,
      planted: `clusters:\n${cluster('https://evil:6443', 'CA')}`,
      broken: 'clusters: {',
    };
    const files = { read: async (path: string) => texts[path] };
    const places = [place('broken'), place('gone'), place('planted', 'foreign'), place('mine')];
    expect((await ownAddresses(places, files))(sha256('CA'))).toEqual(['https://lb:6443']);
  });
});
