/** A cluster file of simulated hosts for a bench, in a network of its own. */
export function benchFile({ servers, agents, network, version = 'v1.36.3+k3s1' }) {
  const address = (at) => `127.${network}.${Math.floor(at / 200)}.${(at % 200) + 1}`;
  const nodes = (role, count, first) =>
    Array.from({ length: count }, (_, i) => `    - {host: ${address(first + i)}, name: ${role}-${i + 1}}\n`).join('');
  return `apiVersion: k3s-ha/v1
kind: Cluster
metadata: {name: bench}
k3s: {version: ${version}}
loadBalancer: {address: ${address(100)}}
datastore: {type: embedded-etcd}
token: \${file:.practice/token}
ssh: {user: practice, port: 2222, identityFile: .practice/id_ed25519, knownHostsFile: .practice/known_hosts}
servers:
  config: {tls-san: [${address(100)}]}
  nodes:
${nodes('server', servers, 11)}agents:
  nodes:
${nodes('agent', agents, 200)}`;
}
