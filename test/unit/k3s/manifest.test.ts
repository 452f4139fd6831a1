import { describe, expect, it } from 'vitest';
import { manifestFault, manifestNameFault } from '../../../src/core/k3s/manifest';

describe('a manifest', () => {
  it.each([
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
    '# nothing yet\n',
    '---\napiVersion: v1\nkind: List\nitems: []\n---\n# the end\n---\napiVersion: v1\nkind: ConfigMap\n',
    '{"apiVersion": "v1", "kind": "Namespace"}',
  ])('that K3s applies: %j', (text) => {
    expect(manifestFault(text)).toBeUndefined();
  });

  it.each([
    ['a: [', /^It is no YAML: .+\.$/],
    ['just words\n', /^It is no Kubernetes object\.$/],
    ['kind: Namespace\n', /has no apiVersion\.$/],
    ['apiVersion: v1\nkind: A\n---\napiVersion: v1\n', /^Its document 2 is no Kubernetes object: it has no kind\.$/],
  ])('that it would not apply: %j', (text, words) => {
    expect(manifestFault(text)).toMatch(words);
  });

  it('of the name of a packaged one would not stay, and its .skip file would', () => {
    expect(manifestNameFault('traefik.yaml')).toContain('K3s writes a manifest traefik.yaml of its own');
    expect(manifestNameFault('traefik.yaml.skip')).toBeUndefined();
    expect(manifestNameFault('traefik-config.yaml')).toBeUndefined();
  });
});
