import type { PreparedKubeconfig } from '../../../src/core/kubeconfig/prepare';
import { prepare } from '../../../src/core/kubeconfig/prepare';

/** A k3s.yaml as a server writes it; `ca` stands for the cluster it comes from. */
export function k3sYaml(ca = 'Q0EtT05F'): string {
  return `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${ca}
    server: https://127.0.0.1:6443
  name: default
contexts:
- context:
    cluster: default
    user: default
  name: default
current-context: default
kind: Config
preferences: {}
users:
- name: default
  user:
    client-certificate-data: Q0VSVA==
    client-key-data: S0VZ
`;
}

export function prepared(name = 'edge', server = 'https://10.0.0.100:6443', ca?: string): PreparedKubeconfig {
  const result = prepare(k3sYaml(ca), { name, server });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
