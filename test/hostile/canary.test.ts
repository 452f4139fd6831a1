import { localFolder } from '../support/localFiles';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFiles } from '../../src/adapters/files/files';
import { systemClock } from '../../src/adapters/system/clock';
import { sha256 } from '../../src/adapters/system/sha256';
import { formatProblem, problem } from '../../src/core/base/problem';
import { ok } from '../../src/core/base/result';
import { finish } from '../../src/core/base/steps';
import { parseDocument } from '../../src/core/document/parse';
import { nodeHealth } from '../../src/core/health/nodeHealth';
import { complete } from '../../src/core/language/complete';
import { hover } from '../../src/core/language/hover';
import { inspectInSteps } from '../../src/core/language/validate';
import { planText } from '../../src/core/plan/planText';
import { normalise } from '../../src/core/cluster/normalise';
import { mermaid } from '../../src/core/topology/mermaid';
import type { RunEvent } from '../../src/core/plan/events';
import type { Log } from '../../src/engine/ports';
import { preparePlan } from '../../src/engine/run/prepare';
import { unfinishedNotes } from '../../src/engine/run/runLog';
import { runOperation } from '../../src/engine/run/runOperation';
import { advance, progressOf } from '../../src/core/plan/progress';
import type { ClusterState } from '../../src/views/clusterState';
import { clusterRow } from '../../src/views/explorer';
import type { ExplorerRow } from '../../src/views/explorerRow';
import { snapshotOf } from '../../src/views/diagram';
import { exportSvg } from '../../webview/drawing/exportSvg';
import { cli } from '../adapters/cli/run';
import { startApiDouble, type ApiDouble } from '../adapters/kubernetes/apiDouble';
import { makeAuthority } from '../adapters/kubernetes/certificates';
import { expectHarmless, expectPlainMarkdown, FORMS, formsOf, HOSTILE, SECRETS } from './support/hostile';
import { probeText, scriptedHosts } from '../support/scriptedHosts';
import { agreedDoor } from '../support/agreedDoor';
import { OPERATOR } from '../support/operator';
import { reachableScripts } from '../support/installScripts';

const everything = HOSTILE.map((text) => text.slice(0, 100)).join(' ');

/** A file in which every text is hostile. JSON is YAML, and its escapes keep every character. */
function hostileFile(change: Record<string, unknown> = {}): string {
  const node = (role: string, text: string, i: number): unknown => ({
    host: `10.0.0.${i} ${text}`,
    name: `${role}-${i} ${text}`,
    zone: `z${i % 3} ${text}`,
    ssh: { user: text, proxyJump: text },
    config: { 'node-label': [`a=${text}`], [text]: text },
  });
  return JSON.stringify(
    {
      apiVersion: 'k3s-ha/v1',
      kind: 'Cluster',
      metadata: { name: `edge ${everything}` },
      k3s: {
        version: everything,
        channel: everything,
        install: { scriptUrl: `https://x/${everything}`, env: Object.fromEntries(HOSTILE.map((text) => [text, text])) },
      },
      loadBalancer: { type: 'haproxy', address: `10.0.0.100 ${everything}`, nodes: HOSTILE.slice(0, 3) },
      datastore: { type: 'mysql', endpoint: `mysql://u:p@tcp(db ${HOSTILE[0]}:3306)/k3s` },
      servers: {
        config: { 'tls-san': HOSTILE, [everything]: everything },
        nodes: HOSTILE.slice(0, 20).map((text, i) => node('server', text, i)),
      },
      agents: { nodes: HOSTILE.slice(20).map((text, i) => node('agent', text, i)) },
      ...change,
    },
    undefined,
    1,
  );
}

const hostileNode = (text: string, i: number) => ({
  metadata: {
    name: `n${i}${text}`,
    labels: { 'node-role.kubernetes.io/control-plane': 'true', [`node-role.kubernetes.io/${text}`]: text },
    creationTimestamp: '2026-01-01T00:00:00Z',
  },
  spec: { unschedulable: true },
  status: {
    nodeInfo: { kubeletVersion: text },
    addresses: [
      { type: 'InternalIP', address: `10.0.0.${i} ${text}` },
      { type: 'Hostname', address: text },
    ],
    conditions: [
      { type: 'Ready', status: 'False', reason: text, message: text, lastTransitionTime: '2026-01-01T00:00:00Z' },
      { type: 'EtcdIsVoter', status: 'True', reason: text, message: text },
    ],
  },
});

/** What K3s, systemd and the install script print when they say everything they must not. */
const TALK = [
  ...SECRETS.flatMap((secret) => [
    ...formsOf(secret),
    `time="x" level=fatal msg=${JSON.stringify(`cannot use ${secret}`)}`,
    `first half ${secret.slice(0, 14)}`,
    `${secret.slice(14)} second half`,
  ]),
  ...HOSTILE,
].join('\n');

const silent = (): void => undefined;
const SILENT: Log = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const rowsOf = (row: ExplorerRow): readonly ExplorerRow[] => [row, ...row.children.flatMap(rowsOf)];

/** The explorer and the diagram of a state, as the shell builds them. */
function expectHarmlessViews(state: ClusterState): void {
  for (const row of rowsOf(clusterRow(state, 'edge.k3s.yaml')))
    expectPlainMarkdown(row.tooltip.markdown, `the tooltip of ${row.id.slice(0, 40)}`);
  const snapshot = snapshotOf(state, { expanded: [], chosen: [] }, 1);
  const { parts, edges, marks } = snapshot.graph;
  const words = [
    snapshot.title,
    snapshot.head,
    snapshot.drift,
    snapshot.run.words,
    snapshot.survival,
    snapshot.singlePoints.map(({ label, reason }) => [label, reason]),
    snapshot.cutSets.map((set) => set.words),
    Object.values(snapshot.status),
    Object.values(snapshot.maintenance),
    parts.map(({ label, detail, zone, marks: own }) => [label, detail, zone, own]),
    edges.map(({ port }) => port),
    marks,
    snapshot.layout.bands,
    snapshot.layout.labels.map(({ text }) => text),
    snapshot.layout.frames.map(({ label }) => label),
  ];
  const texts = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, item]) => (['failed', 'cutOff'].includes(key) ? [] : texts(item)))
        : [];
  for (const text of texts(words)) expectHarmless(text, 'the snapshot of the diagram');
  expectHarmless(exportSvg(snapshot), 'the SVG');
}

function stateOf(text: string, live: ClusterState['live'], run: ClusterState['run'] = new Map()): ClusterState {
  const document = parseDocument(text);
  return {
    uri: { toString: () => 'file:///edge.k3s.yaml' } as ClusterState['uri'],
    document,
    ...finish(inspectInSteps(document)),
    live,
    planned: new Map(),
    run,
  };
}

describe('canaries at every input', () => {
  let folder: string;
  let double: ApiDouble;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-canary-'));
    double = await startApiDouble({
      serverCa: await makeAuthority('k3s-server-ca@1'),
      clientCa: await makeAuthority('k3s-client-ca@1'),
      gitVersion: everything,
      nodes: HOSTILE.map(hostileNode),
    });
  });
  afterAll(async () => {
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('M1, M2: a run tells, writes down and shows neither a secret nor a command for the terminal', async () => {
    const env = Object.fromEntries(SECRETS.map((_secret, i) => [`VALUE_${i}`, `\${secret:s${i}}`]));
    const text = JSON.stringify({
      apiVersion: 'k3s-ha/v1',
      kind: 'Cluster',
      metadata: { name: 'edge' },
      k3s: { version: 'v1.36.3+k3s1', install: { env } },
      datastore: { type: 'embedded-etcd' },
      token: '${secret:s0}',
      servers: {
        nodes: [
          { host: '10.0.0.1', name: 'talks-in-journal' },
          { host: '10.0.0.2', name: 'talks-in-install' },
          { host: '10.0.0.3', name: 'talks-of-nodes' },
        ],
      },
    });
    const cluster = normalise(parseDocument(text).data);
    const hosts = scriptedHosts((host, script, turn) => {
      if (script === 'probe')
        return { stdout: probeText({ boot: host, hostname: host, os: everything.replaceAll('\n', ' ') }) };
      if (script === 'install-k3s')
        return host === 'talks-in-install'
          ? { stdout: TALK, stderr: `${TALK}\n${SECRETS[3]}`, exitCode: 1 }
          : { stdout: TALK };
      if (script === 'unit-control') return { stdout: 'InvocationID=' };
      if (script === 'unit-status')
        return {
          stdout: [
            `ActiveState=${turn < 3 ? 'activating' : 'failed'} SubState=auto-restart NRestarts=${turn} Result=exit-code InvocationID=${turn}`,
            ...TALK.split('\n').slice(0, -1 - turn),
            `level=fatal msg=${JSON.stringify(`no login with ${SECRETS[turn]} ${HOSTILE[turn]}`)}`,
          ].join('\n'),
        };
      return script === 'nodes' ? { stdout: JSON.stringify({ items: HOSTILE.map(hostileNode) }) } : {};
    });
    const secrets = agreedDoor({
      resolve: async (reference) => ok(SECRETS[Number(/\d+/.exec(reference)?.[0] ?? 0)] ?? ''),
    });
    const prepared = await preparePlan(cluster, {
      hosts,
      secrets,
      clock: systemClock,
      sha256,
      parallel: 4,
      scripts: reachableScripts(),
      ...localFolder(),
    });
    expect(prepared.plan.problems).toEqual([]);
    const journalPath = path.join(folder, 'run.jsonl');
    const recordsPath = path.join(folder, 'records.jsonl');
    const events: RunEvent[] = [];
    let progress = progressOf(prepared.plan);
    const report = await runOperation(
      prepared,
      cluster,
      {
        hosts,
        secrets,
        sha256,
        operator: OPERATOR,
        clock: systemClock,
        files: createFiles({ followLinks: () => false }),
        log: SILENT,
        parallel: 4,
        startTimeoutMs: 60_000,
        journalPath,
        recordsPath,
        fileVersion: { name: 'edge.k3s.yaml', sha256: 'f11e' },
      },
      (event) => {
        events.push(event);
        progress = advance(progress, event, prepared.plan);
      },
      new AbortController().signal,
    );
    expect(report.result).toBe('failed');
    expect(report.problems.map(({ code }) => code).sort()).toEqual(['install-failed', 'start-failed']);
    expect(events.filter(({ type }) => type === 'output').length).toBeGreaterThan(200);
    for (const event of events) {
      const said =
        event.type === 'output'
          ? event.line
          : event.type === 'progress'
            ? event.message
            : event.problem === undefined
              ? ''
              : JSON.stringify(event.problem);
      expect(
        FORMS.filter((form) => said.includes(form)),
        `secrets in ${event.type}`,
      ).toEqual([]);
      // A secret that is split over two lines: neither half stays readable.
      for (const secret of SECRETS)
        expect(said.includes(secret.slice(0, 14)) || said.includes(secret.slice(14)), `half a secret in ${said}`).toBe(
          false,
        );
      expect(said.length).toBeLessThan(12_000);
    }
    expectHarmless(readFileSync(journalPath, 'utf8'), 'the run log');
    expectHarmless(readFileSync(recordsPath, 'utf8'), 'the record of the run');
    for (const found of report.problems) expectHarmless(formatProblem(found), 'a problem');
    expectHarmless(
      planText({
        ...prepared.plan,
        notes: [
          ...prepared.plan.notes,
          ...(await unfinishedNotes(createFiles({ followLinks: () => false }), journalPath)),
        ],
      }),
      'the plan',
    );
    expectHarmlessViews(stateOf(text, { kind: 'idle' }, progress));
  });

  it('M1: what the probe of a host says into the plan is masked', async () => {
    const cluster = normalise(
      parseDocument(
        JSON.stringify({
          token: '${secret:s0}',
          servers: {
            nodes: [
              { host: '10.0.0.1', name: 'a' },
              { host: '10.0.0.2', name: 'b' },
            ],
          },
        }),
      ).data,
    );
    const hosts = scriptedHosts((host) =>
      host === 'a'
        ? { stdout: probeText({ arch: `${SECRETS[0]} ${HOSTILE[0]}` }) }
        : { stderr: `sh: ${SECRETS[0]}${HOSTILE[3]}`, exitCode: 1 },
    );
    const told: string[] = [];
    const { plan } = await preparePlan(
      cluster,
      {
        hosts,
        secrets: agreedDoor({ resolve: async () => ok(SECRETS[0] ?? '') }),
        clock: systemClock,
        sha256,
        parallel: 1,
        scripts: reachableScripts(),
        ...localFolder(),
      },
      { onProbed: (_node, found) => told.push(found === undefined ? '' : formatProblem(found)) },
    );
    expect(plan.problems.length).toBeGreaterThan(0);
    for (const text of [planText(plan), ...told]) expectHarmless(text, 'a plan that cannot be made');
    expect(JSON.stringify(plan.problems)).toContain('***');
  });

  it('M2: lint says what is wrong with a hostile file, and commands nothing', async () => {
    writeFileSync(path.join(folder, 'hostile.k3s.yaml'), hostileFile());
    // As text: quoted by hand, so that raw characters that YAML allows stand in it.
    writeFileSync(
      path.join(folder, 'raw.k3s.yaml'),
      `apiVersion: k3s-ha/v1\nkind: "\\e]0;owned\\a"\nmetadata: {name: "a\u202eb\u2066", "\u200bkey": "\u00ad"}\n`,
    );
    for (const args of [
      ['lint', '.'],
      ['lint', '.', '--json'],
      ['plan', 'hostile.k3s.yaml'],
      ['lint', `no\u001b]0;x\u0007.yaml`],
      ['\u001b[2J', 'x'],
    ]) {
      const { stdout, stderr, code } = await cli(args, { cwd: folder, env: { HOME: folder } });
      expectHarmless(stdout, `standard output of ${args.join(' ')}`);
      expectHarmless(stderr, `standard error of ${args.join(' ')}`);
      expect(code).not.toBe(1);
      if (args.includes('--json'))
        expect(
          (JSON.parse(stdout) as { message: string }[]).some(({ message }) => message.includes('\u001b]0;owned\u0007')),
        ).toBe(true);
    }
  });

  it('M2: status shows a hostile API as a table, and commands nothing', async () => {
    const file = path.join(folder, 'status.k3s.yaml');
    writeFileSync(
      file,
      JSON.stringify({
        apiVersion: 'k3s-ha/v1',
        kind: 'Cluster',
        metadata: { name: 'edge' },
        servers: { nodes: [{ host: '10.0.0.1', name: 'n1' }] },
      }),
    );
    const kubeconfig = path.join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, double.kubeconfig());
    for (const more of [[], ['--json'], ['--verbose']]) {
      const { stdout, stderr, code } = await cli(['status', file, '--kubeconfig', kubeconfig, ...more], {
        cwd: folder,
        env: { HOME: folder },
      });
      expect(code).toBe(15);
      expectHarmless(stdout, `standard output of status ${more.join()}`);
      expectHarmless(stderr, `standard error of status ${more.join()}`);
      // The heading, the declared node and one line for each of the others: no name begins a line of its own.
      if (!more.includes('--json')) expect(stdout.trimEnd().split('\n')).toHaveLength(HOSTILE.length + 2);
    }
  });

  it('L1: hovers, completion and tooltips render no link, picture or HTML', () => {
    const text = hostileFile();
    const document = parseDocument(text);
    const cluster = normalise(document.data);
    let hovers = 0;
    // The file has a key and its value on each line.
    const places = [...text.matchAll(/^ *("(?:[^"\\]|\\.)*"(?:: )?)?"?/gm)].flatMap((line) => [
      line.index + line[0].search(/\S/) + 2,
      line.index + line[0].length + 1,
    ]);
    for (const offset of places) {
      const found = hover(document, offset, cluster);
      if (found === undefined) continue;
      hovers += 1;
      // Descriptions of keys are ours and may have links.
      const [notes, meaning] = found.markdown.includes('\n\n---\n\n')
        ? found.markdown.split('\n\n---\n\n')
        : ['', found.markdown];
      expectPlainMarkdown(notes ?? '', 'a hover');
      expectHarmless(meaning ?? '', 'a hover');
      expectPlainMarkdown((meaning ?? '').split('\n\n')[0] ?? '', 'the key of a hover');
    }
    expect(hovers).toBeGreaterThan(100);
    for (const item of complete(`${text.slice(0, text.lastIndexOf('}'))}`, 60))
      expectHarmless(item.documentation, 'completion');
    const nodes = HOSTILE.map((one, i) => nodeHealth(hostileNode(one, i), Date.now()));
    expectHarmlessViews(stateOf(text, { kind: 'live', nodes, via: everything, version: everything }));
    expectHarmlessViews(
      stateOf(text, {
        kind: 'lost',
        nodes,
        problem: problem('x', everything, { why: everything, nextSteps: HOSTILE }),
      }),
    );
  });

  it.each([
    ['the first half of the names', (file: HostileFile) => ({ ...file, agents: {} })],
    ['the second half of the names', (file: HostileFile) => ({ ...file, servers: file.agents, agents: {} })],
  ])('L2: no name begins a statement in Mermaid: %s', (_what, choose) => {
    const plainText = hostileFile().replace(/"(?:[^"\\]|\\.)*"/g, (written) =>
      written.replace(/\\(?:u[0-9a-f]{4}|.)/g, 'x').replace(/[[\]()`<>!#%{}$|&;@]/g, 'x'),
    );
    const [hostile, harmless] = [hostileFile(), plainText].map((text) =>
      mermaid({ ...normalise(choose(JSON.parse(text) as HostileFile)), name: 'edge' }).split('\n'),
    );
    expectHarmless((hostile ?? []).join('\n'), 'Mermaid');
    for (const line of hostile ?? []) expect(line).toMatch(MERMAID_LINE);
    expect(harmless?.length).toBeGreaterThan(40);
    expect(hostile?.map((line) => line.replace(/"[^"]*"/g, '""'))).toEqual(
      harmless?.map((line) => line.replace(/"[^"]*"/g, '""')),
    );
  });
});

interface HostileFile {
  readonly servers: { readonly nodes: readonly unknown[] };
  readonly agents: { readonly nodes: readonly unknown[] };
}

/** The statements of Mermaid that the product writes, with quoted texts in which nothing but letters, digits and entities stands. */
const QUOTED = String.raw`"(?:[\p{L}\p{M}\p{N} .,:/_-]|#\d+;|<br/>)*"`;
const MERMAID_LINE = new RegExp(
  `^(?:|flowchart TB|  end| +(?:n\\d+|etcd)(?:\\(\\[${QUOTED}\\]\\)|\\[\\(${QUOTED}\\)\\]|\\[\\[${QUOTED}\\]\\]|\\[${QUOTED}\\])|  subgraph zone\\d+\\[${QUOTED}\\]|  n\\d+ [-=.>]+\\|${QUOTED}\\| (?:n\\d+|etcd))$`,
  'u',
);
