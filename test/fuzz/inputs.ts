import type { Random } from './random';

const VALUES = [
  '',
  '~',
  'null',
  'true',
  'off',
  '0',
  '-1',
  '0644',
  '1e5',
  '.inf',
  '2026-11-21',
  '[]',
  '{}',
  '[[1]]',
  '[a, b',
  '{a: {b: c}}',
  '{a: 1',
  "'",
  '"',
  '"a\\',
  '|',
  '>-',
  '&x y',
  '*x',
  '*nowhere',
  '!!binary a',
  '!!str 12',
  '? a',
  '${secret:}',
  '${secret:a}',
  '${env:X',
  '${',
  'host',
  '10.0.0.1',
  '10.0.0.[1-3]',
  '10.0.0.[1-',
  '10.0.0.[9-1]',
  '10.[0-99].[0-99].[0-99]',
  '10.0.0.0/16',
  '10.42.0.0/33',
  'fd00::1',
  'fd00:42::/56,10.42.0.0/16',
  '::',
  '[::1]:6443',
  'https://10.0.0.100:6443',
  'http://x',
  'https://',
  '://@',
  'mysql://u:p@tcp(db:3306)/k3s',
  'mysql://',
  'mysql://u:p@db',
  'postgres://u:p@ss@db:5432/k3s',
  'https://a:2379,http://b:2379',
  'etcd://',
  'nats://x',
  'sqlite://',
  'v1.36.3+k3s1',
  'v1.19.5-k3s2',
  'latest',
  'stable',
  'a=b:NoSchedule',
  'a=b:Nope,c',
  'node-role.kubernetes.io/x=1',
  '0 */12 * * *',
  '@every 6h',
  '* * *',
  'K10abc::server:x',
  '12345',
  'K3S_TOKEN',
  'embedded-etcd',
  'sqlite',
  'mysql',
  'haproxy',
  'kube-vip',
  'dns',
  'a: b: c',
  '- - -',
  '# k3s-ha-ignore x',
  'constructor',
  '__proto__',
  'toString',
  '\u{1F600}',
  '\u00a0',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u2028',
  '…',
  'ключ',
  '--- ',
  '...',
  '%YAML 1.2',
  '@',
  '`',
  'x'.repeat(300),
];
const KEYS = [
  'apiVersion',
  'kind',
  'metadata',
  'name',
  'k3s',
  'version',
  'channel',
  'install',
  'method',
  'env',
  'loadBalancer',
  'address',
  'port',
  'type',
  'nodes',
  'datastore',
  'endpoint',
  'caFile',
  'token',
  'ssh',
  'user',
  'servers',
  'agents',
  'config',
  'host',
  'zone',
  'tls-san',
  'tls-san+',
  'node-ip',
  'node-taint',
  'node-label',
  'cluster-init',
  'server',
  'disable',
  'cluster-cidr',
  'service-cidr',
  'cluster-dns',
  'flannel-backend',
  'datastore-endpoint',
  'etcd-snapshot-schedule-cron',
  'write-kubeconfig-mode',
  'https-listen-port',
  'no-deploy',
  'docker',
  'agent-token',
  'INSTALL_K3S_EXEC',
  'K3S_URL',
  '<<',
  '__proto__',
  'constructor',
  '"quoted"',
  '? x',
  '',
];
const CHARACTERS = [
  '\t',
  '\r',
  '\n',
  ' ',
  '  ',
  ':',
  ': ',
  '-',
  '- ',
  '#',
  ' #',
  '[',
  ']',
  '{',
  '}',
  ',',
  '"',
  "'",
  '&a',
  '*a',
  '|',
  '>',
  '!',
  '%',
  '@',
  '`',
  '\\',
  '\u{1F600}',
  '\ufeff',
  '\u0000',
  '$',
  '${',
  '/',
];

const MUTATIONS: readonly ((lines: string[], random: Random) => void)[] = [
  (lines, random) => void lines.splice(random.below(lines.length), 1 + random.below(3)),
  (lines, random) => {
    const at = random.below(lines.length);
    lines.splice(random.below(lines.length), 0, ...lines.slice(at, at + 1 + random.below(4)));
  },
  (lines, random) =>
    change(lines, random, (line) =>
      line.replace(/^(\s*(?:- )?[^\s:]+:|\s*-) ?.*$/, `$1 ${random.pick(VALUES).replaceAll('$', '$$$$')}`),
    ),
  (lines, random) => change(lines, random, (line) => line.replace(/^(\s*(?:- )?)[^\s:]+:/, `$1${random.pick(KEYS)}:`)),
  (lines, random) => change(lines, random, (line) => (random.chance(0.5) ? ` ${line}` : line.replace(/^ {1,2}/, ''))),
  (lines, random) =>
    change(lines, random, (line) => {
      const at = random.below(line.length + 1);
      return line.slice(0, at) + random.pick(CHARACTERS) + line.slice(at + random.below(2));
    }),
  (lines, random) => {
    const line = lines[random.below(lines.length)] ?? '';
    const indent = /^\s*/.exec(line)?.[0] ?? '';
    lines.splice(
      random.below(lines.length),
      0,
      `${indent}${random.chance(0.3) ? '- ' : ''}${random.pick(KEYS)}: ${random.pick(VALUES)}`,
    );
  },
  (lines, random) => void lines.splice(random.below(lines.length)),
  (lines, random) => {
    const last = lines[lines.length - 1] ?? '';
    lines[lines.length - 1] = last.slice(0, random.below(last.length + 1));
  },
];

function change(lines: string[], random: Random, edit: (line: string) => string): void {
  const at = random.below(lines.length);
  lines[at] = edit(lines[at] ?? '');
}

/** A file of ours after some accidents. */
function mutated(random: Random, corpus: readonly string[]): string {
  let text = random.pick(corpus);
  for (let count = 1 + random.below(5); count > 0; count -= 1) text = accident(text, random);
  if (random.chance(0.1)) text = text.replaceAll('\n', '\r\n');
  return random.chance(0.03) ? `\ufeff${text}` : text;
}

/** The text after one accident: what happens between two states of a file. */
export function accident(text: string, random: Random): string {
  const lines = text.split('\n');
  random.pick(MUTATIONS)(lines, random);
  return lines.join('\n');
}

/** Any YAML at all, with our keys now and then. */
function randomYaml(random: Random): string {
  const block = (indent: string, depth: number): string => {
    const lines: string[] = [];
    for (let count = 1 + random.below(4); count > 0; count -= 1) {
      const item = random.chance(0.3) ? '- ' : `${random.pick(KEYS)}: `;
      const anchor = random.chance(0.05) ? '&a ' : '';
      lines.push(
        depth > 0 && random.chance(0.4)
          ? `${indent}${item.trimEnd()}${anchor.trimEnd()}\n${block(`${indent}${random.pick(['  ', ' ', '    '])}`, depth - 1)}`
          : `${indent}${item}${anchor}${random.pick(VALUES)}`,
      );
    }
    return lines.join('\n');
  };
  return block('', 4);
}

/** Text that is meant to take the parser down. */
function hostile(random: Random): string {
  const size = 10 + random.below(2000);
  switch (random.below(14)) {
    case 0:
      return bomb(2 + random.below(20), 2 + random.below(20));
    case 1:
      return '['.repeat(size);
    case 2:
      return `a: ${'{b: '.repeat(size)}`;
    case 3:
      return Array.from({ length: Math.min(size, 500) }, (_none, i) => `${' '.repeat(i)}k${i}:`).join('\n');
    case 4:
      return `token: ${'x'.repeat(size * 100)}`;
    case 5:
      return `token: "${'\\n'.repeat(size * 20)}`;
    case 6:
      return `token: |\n${'  line\n'.repeat(size)}`;
    case 7:
      return Array.from({ length: size }, (_none, i) => `k${i}: *a${i}`).join('\n');
    case 8:
      return `servers:\n  nodes:\n${'    - <<: *x\n'.repeat(size)}`;
    case 9:
      return '---\nkind: Cluster\n'.repeat(size);
    case 10:
      return 'kind: Cluster\n'.repeat(size);
    case 11:
      return `servers: {nodes: [${'{host: 10.[0-255].[0-255].[0-255]}, '.repeat(random.below(50))}]}`;
    case 12:
      return `x: ${"'".repeat(size)}${'"'.repeat(size)}`;
    default:
      return `agents:\n  nodes:\n${Array.from({ length: Math.min(size, 600) }, (_none, i) => `    - {host: 10.0.${i >> 8}.${i & 255}, zone: z${i % 3}}`).join('\n')}`;
  }
}

function bomb(levels: number, width: number): string {
  const lines = ['l0: &l0 [x, x]'];
  for (let i = 1; i < levels; i += 1)
    lines.push(`l${i}: &l${i} [${Array.from({ length: width }, () => `*l${i - 1}`).join(', ')}]`);
  return `${lines.join('\n')}\nservers:\n  nodes: *l${levels - 1}\n`;
}

/** Noise: characters of YAML in any order. */
function noise(random: Random): string {
  return Array.from({ length: random.below(200) }, () =>
    random.chance(0.6) ? random.pick(CHARACTERS) : random.pick(random.chance(0.5) ? KEYS : VALUES),
  ).join('');
}

/** One text to try, mostly near to what people type. */
export function fuzzInput(random: Random, corpus: readonly string[]): string {
  const kind = random.next();
  if (kind < 0.8) return mutated(random, corpus);
  if (kind < 0.93) return randomYaml(random);
  return kind < 0.98 ? noise(random) : hostile(random);
}
