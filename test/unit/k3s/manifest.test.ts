import { describe, expect, it } from 'vitest';
import { addonName, announcesServices, manifestFault, manifestNameFault } from '../../../src/core/k3s/manifest';

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
    expect(manifestNameFault('traefik.yaml')).toContain('K3s has a manifest traefik.yaml of its own');
    expect(manifestNameFault('auth-reader.json')).toContain('auth-reader.yaml.skip');
    expect(manifestNameFault('traefik.yaml.skip')).toBeUndefined();
    expect(manifestNameFault('traefik-config.yaml')).toBeUndefined();
  });

  it('has its AddOn from its base name, whatever its folder', () => {
    expect(['/m/a/x.yaml', 'b/x.yml', 'c\\x.json', 'x.v2.yaml', 'x.yaml.skip', 'notes.txt'].map(addonName)).toEqual([
      'x',
      'x',
      'x',
      'x.v2',
      undefined,
      undefined,
    ]);
  });

  it('of kube-vip announces Services only when it says so', () => {
    const text = (value: string): string => `image: kube-vip\nenv:\n- name: svc_enable\n  value: ${value}\n`;
    expect([text('"true"'), text("'true'"), text('"false"'), 'kind: Pod\n'].map(announcesServices)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each<[form: string, text: string, announces: boolean]>([
    ['in flow style', 'image: kube-vip\nenv: [{ name: svc_enable, value: "true" }]\n', true],
    ['with the value first', 'image: kube-vip\nenv:\n  - value: "true"\n    name: svc_enable\n', true],
    ['as JSON', '{"image":"kube-vip","env":[{"name":"svc_enable","value":"1"}]}', true],
    ['as values of a chart', 'chart: kube-vip\nvaluesContent: |-\n  env:\n    svc_enable: "true"\n', true],
    ['as an argument', 'image: kube-vip\nargs:\n  - manager\n  - --services\n', true],
    ['as one of several arguments', 'image: kube-vip\nargs: ["manager", "--services"]\n', true],
    [
      'of its neighbour',
      'image: kube-vip\nenv:\n- name: svc_enable\n  value: "false"\n- name: cp_enable\n  value: "true"\n',
      false,
    ],
    [
      'of the one before',
      'image: kube-vip\nenv:\n- name: cp_enable\n  value: "true"\n- name: svc_enable\n  value: "false"\n',
      false,
    ],
    ['of another argument', 'image: kube-vip\nargs: [manager, --servicesInterface, eth0]\n', false],
    ['of another program', 'image: other\nenv: [{ name: svc_enable, value: "true" }]\n', false],
  ])('knows the switch %s', (_, text, announces) => {
    expect(announcesServices(text)).toBe(announces);
  });
});
