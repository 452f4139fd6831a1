import { describe, expect, it } from 'vitest';
import type { ConfigValue } from '../../../../src/core/cluster/cluster';
import { configText } from '../../../../src/core/cluster/configFile';
import { hideInOptions, hideInText } from '../../../../src/engine/planning/hideSecrets';

const OPTIONS: Readonly<Record<string, ConfigValue>>[] = [
  { token: 'f00dfeed', 'tls-san': ['10.0.0.100', 'k3s.example.com'], debug: true, 'node-name': 'yes' },
  { token: 'two\nlines f00dfeed', 'agent-token': '0640', 'write-kubeconfig-mode': '0640' },
  { 'datastore-endpoint': 'mysql://root:f00dfeed@tcp(10.0.0.5:3306)/k3s', 'etcd-s3-secret-key': 'f00dfeed' },
  { 'kube-apiserver-arg': ['v=2', 'oidc-client-secret=f00dfeed', '--token=f00dfeed'], 'etcd-s3-config-secret': 's3' },
  { token: '', 'kubelet-arg': ['max-pods=200'], 'node-ip': null, 'https-listen-port': 6443 },
  { token: '${secret:edge}', 'secrets-encryption': true, 'vpn-auth': 'name=tailscale,joinKey=f00dfeed' },
];

describe('a configuration as it may be shown', () => {
  it.each(OPTIONS)('is the same, whether made of %j or of the text', (options) => {
    const shown = configText(hideInOptions(options));
    expect(shown).toBe(hideInText(configText(options)));
    expect(shown).not.toContain('f00dfeed');
  });

  it('keeps everything that is no secret', () => {
    const { token, ...others } = OPTIONS[0] ?? {};
    expect(hideInOptions({ token: token ?? null, ...others })).toEqual({ token: '«secret»', ...others });
  });
});
