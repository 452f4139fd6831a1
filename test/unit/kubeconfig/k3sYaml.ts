import type { PreparedKubeconfig } from '../../../src/core/kubeconfig/prepare';
import { prepare } from '../../../src/core/kubeconfig/prepare';

/** The value of a `…-data` field: base64 of a PEM block around `content`, itself base64. */
export function pem(label: string, content: string): string {
  return Buffer.from(`-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`).toString('base64');
}

/** CA, client certificate and client key of {@link k3sYaml}. */
export const CA = pem('CERTIFICATE', 'Q0EtT05F');
export const CERT = pem('CERTIFICATE', 'Q0VSVA==');
export const KEY = pem('EC PRIVATE KEY', 'S0VZ');

/** A k3s.yaml as a server writes it; `ca` stands for the cluster it comes from. */
export function k3sYaml(ca = CA): string {
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
    client-certificate-data: ${CERT}
    client-key-data: ${KEY}
`;
}

export function prepared(name = 'edge', server = 'https://10.0.0.100:6443', ca?: string): PreparedKubeconfig {
  const result = prepare(k3sYaml(ca), { name, server });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
