import { fromSource, sample } from './source.mjs';

export const name = 'limits';

/** Files that were made to keep this machine busy, and a kubeconfig that has grown for years. */
export async function run() {
  const { chooseTarget, conflicts, importCommands, inspectAll, merge, prepared } = await fromSource(
    'limits',
    `
    import { finish } from './src/core/base/steps';
    import { parseDocument } from './src/core/document/parse';
    import { importInSteps } from './src/core/authoring/import/importCommands';
    import { inspectInSteps } from './src/core/language/validate';
    export { conflicts } from './src/core/kubeconfig/conflicts';
    export { merge } from './src/core/kubeconfig/merge';
    export { chooseTarget } from './src/core/kubeconfig/targets';
    export { prepared } from './test/unit/kubeconfig/k3sYaml';
    export const inspectAll = (text) => finish(inspectInSteps(parseDocument(text)));
    export const importCommands = (text, pasted) => finish(importInSteps(parseDocument(text), pasted));`,
  );
  const rows = [];
  const add = (what, { p50, p95, runs }) =>
    rows.push({ what, value: p50.toFixed(1), unit: 'ms', note: `p95 ${p95.toFixed(1)} of ${runs}` });

  const access = prepared();
  const kubeconfig = kubeconfigOf(20_000);
  add(
    'kubeconfig of 20,000 clusters: choose, compare, merge',
    await sample(() => {
      chooseTarget(
        [
          { path: 'none', text: undefined },
          { path: 'config', text: kubeconfig },
        ],
        access,
      );
      conflicts(kubeconfig, access);
      merge(kubeconfig, access, 'overwrite');
    }, 7),
  );
  add('20,000 servers in four lines: told', await sample(() => inspectAll(servers(4, '10.0.[1-20].[1-250]')), 10));
  add('5,000 servers in one line: all rules', await sample(() => inspectAll(servers(1, '10.0.[1-20].[1-250]')), 7));
  const options = `${Array.from({ length: 700 }, (_, i) => `kubelet-arg-${i}: "value ${i}"`).join('\n')}\n`;
  add(
    'import of a config.yaml of 20 kB',
    await sample(() => importCommands('apiVersion: k3s-ha/v1\nkind: Cluster\n', `token: x\n${options}`), 7),
  );
  const commands = { 'shell commands': sshCommands(10_000), 'cloud-init': cloudInit(10_000) };
  for (const [what, text] of Object.entries(commands))
    add(
      `import of 10 kB of ${what}`,
      await sample(() => importCommands('apiVersion: k3s-ha/v1\nkind: Cluster\n', [{ text }]), 20),
    );
  return rows;
}

function sshCommands(size) {
  const text = [
    'ssh root@10.0.0.1 "curl -sfL https://get.k3s.io | sh -s - server --cluster-init --tls-san 10.0.0.100"',
  ];
  for (let i = 2; text.join('\n').length < size; i++)
    text.push(
      `ssh root@10.0.0.${i} 'curl -sfL https://get.k3s.io | K3S_URL=https://10.0.0.1:6443 K3S_TOKEN=$TOKEN sh -s - agent --node-name w${i}'`,
    );
  return text.join('\n');
}

function cloudInit(size) {
  const text = ['#cloud-config', 'runcmd:'];
  for (let i = 0; text.join('\n').length < size; i++)
    text.push(`  - curl -sfL https://get.k3s.io | K3S_URL=https://10.0.0.1:6443 sh -s - agent --node-label a${i}=b`);
  return text.join('\n');
}

function servers(lines, range) {
  return `apiVersion: k3s-ha/v1\nkind: Cluster\nservers:\n  nodes:\n${Array.from({ length: lines }, (_, i) => `    - ${range.replace('10.0', `10.${i}`)}\n`).join('')}`;
}

/** As kubectl writes it. */
function kubeconfigOf(count) {
  const each = (print) => Array.from({ length: count }, (_, i) => print(`c${i}`)).join('');
  const data = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI=';
  const clusters = each(
    (n) => `- cluster:\n    certificate-authority-data: ${data}\n    server: https://10.1.2.3:6443\n  name: ${n}\n`,
  );
  const contexts = each((n) => `- context:\n    cluster: ${n}\n    user: ${n}\n  name: ${n}\n`);
  const users = each(
    (n) => `- name: ${n}\n  user:\n    client-certificate-data: ${data}\n    client-key-data: ${data}\n`,
  );
  return `apiVersion: v1\nclusters:\n${clusters}contexts:\n${contexts}current-context: c0\nkind: Config\npreferences: {}\nusers:\n${users}`;
}
