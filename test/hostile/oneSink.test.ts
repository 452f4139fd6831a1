import { localFolder } from '../support/localFiles';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseDocument } from '../../src/core/document/parse';
import { finish } from '../../src/core/base/steps';
import { ok } from '../../src/core/base/result';
import { hover } from '../../src/core/language/hover';
import { inspectInSteps } from '../../src/core/language/validate';
import { normalise } from '../../src/core/cluster/normalise';
import { mermaid } from '../../src/core/topology/mermaid';
import { preparePlan } from '../../src/engine/run/prepare';
import { runOperation } from '../../src/engine/run/runOperation';
import type { RunEvent } from '../../src/core/plan/events';
import type { Log } from '../../src/engine/ports';
import type { ClusterState } from '../../src/views/clusterState';
import { clusterRow } from '../../src/views/explorer';
import { expectHarmless, expectPlainMarkdown, HOSTILE } from './support/hostile';
import { probeText, scriptedHosts, type Answer } from '../support/scriptedHosts';
import { systemClock } from '../../src/adapters/system/clock';
import { agreedDoor } from '../support/agreedDoor';
import { reachableScripts } from '../support/installScripts';
import { fastClock } from '../support/clock';
import { OPERATOR } from '../support/operator';

/** What the editor was asked to show; the module stands in for the editor's own. */
const shown: unknown[][] = [];
vi.mock('vscode', () => {
  const keep =
    (what: string) =>
    async (...given: unknown[]): Promise<undefined> =>
      void shown.push([what, ...given]);
  const say =
    (level: string) =>
    (message: string): void =>
      void shown.push([`log ${level}`, message]);
  return {
    ProgressLocation: { Notification: 15, Window: 10 },
    MarkdownString: class {
      constructor(readonly value: string) {}
    },
    window: {
      showInformationMessage: keep('information'),
      showWarningMessage: keep('warning'),
      showErrorMessage: keep('error'),
      showInputBox: keep('input'),
      showQuickPick: keep('pick'),
      withProgress: (options: unknown, task: (progress: unknown, token: unknown) => unknown) => {
        shown.push(['progress', options]);
        return task(
          { report: (value: unknown) => shown.push(['report', value]) },
          { onCancellationRequested: () => undefined },
        );
      },
      createOutputChannel: () => ({
        trace: say('trace'),
        debug: say('debug'),
        info: say('info'),
        warn: say('warn'),
        error: say('error'),
        show: () => undefined,
        dispose: () => undefined,
      }),
    },
  };
});

const silent = (): void => undefined;
const SILENT: Log = { trace: silent, debug: silent, info: silent, warn: silent, error: silent };
const DSN = 'mysql://k3s:Gr8%25zzSecretPw@tcp(10.0.0.9:3306)/k3s';

/** One server whose K3s does not come up; what the run told and wrote down. */
async function failedRun(
  answer: Answer,
): Promise<{ readonly events: readonly RunEvent[]; readonly log: string; readonly result: string }> {
  const cluster = normalise(
    parseDocument(
      JSON.stringify({
        metadata: { name: 'edge' },
        k3s: { version: 'v1.36.3+k3s1' },
        datastore: { type: 'mysql', endpoint: '${secret:dsn}' },
        token: 'literal-token-of-the-file',
        servers: { nodes: [{ host: '10.0.0.1', name: 's1' }] },
      }),
    ).data,
  );
  const hosts = scriptedHosts((host, script, turn) => {
    if (script === 'probe') return { stdout: probeText() };
    if (script === 'unit-control') return { stdout: 'InvocationID=' };
    return answer(host, script, turn);
  });
  const prepared = await preparePlan(cluster, {
    hosts,
    secrets: agreedDoor({ resolve: async () => ok(DSN) }),
    clock: systemClock,
    sha256: (text) => text,
    parallel: 1,
    scripts: reachableScripts(),
    ...localFolder(),
  });
  expect(prepared.plan.problems).toEqual([]);
  const clock = fastClock();
  const events: RunEvent[] = [];
  const log: string[] = [];
  const files = {
    read: async () => undefined,
    readEnd: async () => undefined,
    writeAtomic: async () => undefined,
    tighten: async () => undefined,
    appendLine: async (_path: string, line: string) => void log.push(line),
    withLock: <T>(_path: string, work: () => Promise<T>) => work(),
  };
  const report = await runOperation(
    prepared,
    cluster,
    {
      hosts,
      secrets: agreedDoor({ resolve: async () => ok(DSN) }),
      sha256: (text) => text,
      operator: OPERATOR,
      clock,
      files,
      log: SILENT,
      parallel: 1,
      startTimeoutMs: 60_000,
      journalPath: 'run.jsonl',
      recordsPath: 'records.jsonl',
      fileVersion: { name: 'edge.k3s.yaml', sha256: 'f11e' },
    },
    (event) => events.push(event),
    new AbortController().signal,
  );
  return { events, log: log.join('\n'), result: JSON.stringify(report.problems) };
}

const unit = (active: string, restarts: number, ...journal: readonly string[]): { stdout: string } => ({
  stdout: [
    `ActiveState=${active} SubState=auto-restart NRestarts=${restarts} Result=exit-code InvocationID=${restarts}`,
    ...journal,
  ].join('\n'),
});

describe('M1: secrets of a run', () => {
  it('M1: a journal line of K3s with the address of the datastore shows its password nowhere', async () => {
    const line = `time="x" level=fatal msg="starting kubernetes: dial ${DSN}: i/o timeout"`;
    const { events, log, result } = await failedRun((_host, script, turn) =>
      script === 'unit-status' ? unit(turn < 1 ? 'activating' : 'failed', turn, line) : {},
    );
    const said = JSON.stringify(events) + log + result;
    expect(said).toContain('dial ***');
    expect(said).not.toMatch(/Gr8|SecretPw/);
  });

  it.each([
    ['the driver decodes the password', 'Access denied for user k3s using Gr8%zzSecretPw'],
    ['logrus quotes it', `level=error msg=${JSON.stringify('url "mysql" Gr8%25zzSecretPw')}`],
    ['it is in Base64', `level=error msg="${Buffer.from(`{"dsn":"${DSN}"}`).toString('base64')}"`],
    ['it is wrapped over two lines', `level=error msg="Gr8%25zz\nSecretPw refused"`],
    ['a literal token stands in it', 'level=error msg="bad literal-token-of-the-file"'],
  ])('M1: the same when %s', async (_what, line) => {
    const { events, log, result } = await failedRun((_host, script, turn) => {
      if (script === 'unit-status') return unit(turn < 1 ? 'activating' : 'failed', turn, line);
      return script === 'install-k3s' ? { stdout: line } : {};
    });
    const said = JSON.stringify(events) + log + result;
    expect(said).toContain('***');
    expect(said).not.toMatch(/SecretPw|zzSecret|literal-token|U2VjcmV0UH|NlY3JldFB3|TZWNyZXRQd/);
  });

  it('M1: the same for what the API server on a host answers', async () => {
    const { events, log, result } = await failedRun((_host, script) => {
      if (script === 'unit-status') return unit('active', 0);
      return script === 'nodes'
        ? {
            stdout: JSON.stringify({
              items: [
                {
                  metadata: { name: 's1' },
                  status: { conditions: [{ type: 'Ready', status: 'False', message: `no ${DSN}` }] },
                },
              ],
            }),
            stderr: DSN,
          }
        : {};
    });
    expect(result).toContain('no ***');
    expect(JSON.stringify(events) + log + result).not.toMatch(/SecretPw/);
  });

  it('M1: a host that talks without end is cut short', async () => {
    const { events } = await failedRun((_host, script) =>
      script === 'install-k3s' ? { stdout: 'x'.repeat(100_000), exitCode: 1 } : {},
    );
    const lengths = events.map((event) => JSON.stringify(event).length);
    expect(Math.max(...lengths)).toBeGreaterThan(1_000);
    expect(Math.max(...lengths)).toBeLessThan(5_000);
  });
});

describe('M2: the terminal', () => {
  const tty = { err: process.stderr.isTTY, noColor: process.env['NO_COLOR'] };
  afterEach(() => {
    vi.restoreAllMocks();
    vi.resetModules();
    process.stderr.isTTY = tty.err;
    if (tty.noColor !== undefined) process.env['NO_COLOR'] = tty.noColor;
  });

  it('M2: in color, our codes work and those of others are seen', async () => {
    process.stderr.isTTY = true;
    delete process.env['NO_COLOR'];
    vi.resetModules();
    const output = await import('../../src/cli/output');
    const written: string[] = [];
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    output.tell(output.paint('red', 'a\u001b[0m\u001b[32mb\nc'), ' ', '\u001b[31md\u0007');
    output.tellLines(output.paint('bold', 'one\ntwo\u202e'));
    vi.restoreAllMocks();
    expect(written).toEqual([
      '\u001b[31ma\ufffd[0m\ufffd[32mb c\u001b[0m \ufffd[31md\ufffd\n',
      '\u001b[1mone\ntwo\ufffd\u001b[0m\n',
    ]);
  });

  it('M2: a cell of a table is one cell, whatever is in it', async () => {
    const { table } = await import('../../src/cli/output');
    expect(
      table([
        ['NAME', 'STATUS'],
        ['a\nb\u001b[2K', 'Ready'],
        ['c', 'x\r\ny'],
      ]),
    ).toBe('NAME     STATUS\na b\ufffd[2K  Ready\nc        x y');
  });

  it('M2: JSON says the same and commands nothing', async () => {
    const { printJson } = await import('../../src/cli/output');
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    printJson(HOSTILE);
    vi.restoreAllMocks();
    expect(JSON.parse(written.join(''))).toEqual(HOSTILE.map((text) => JSON.parse(JSON.stringify(text)) as string));
    expectHarmless(written.join(''), 'JSON');
  });
});

describe('L1: what the editor shows', () => {
  const stateOf = (text: string): ClusterState => {
    const document = parseDocument(text);
    return {
      uri: { toString: () => 'file:///edge.k3s.yaml' } as ClusterState['uri'],
      document,
      ...finish(inspectInSteps(document)),
      live: { kind: 'idle' },
      planned: new Map(),
      run: new Map(),
    };
  };

  it('L1: a zone with a picture and a link is text in the tooltip and in the hover', () => {
    const zone = '![x](https://evil.example/x.png) [y](https://evil.example)';
    const text = JSON.stringify({ metadata: { name: zone }, servers: { nodes: [{ host: '10.0.0.11', zone }] } });
    const row = clusterRow(stateOf(text), 'edge.k3s.yaml');
    const node = row.children.flatMap(({ children }) => children)[0];
    for (const { tooltip } of [row, node ?? row]) expectPlainMarkdown(tooltip.markdown, 'a tooltip');
    expect(node?.tooltip.markdown).toContain('\\!\\[x\\]\\(https\\:');
    expectPlainMarkdown(
      hover(parseDocument(text), text.indexOf('"zone"') + 3)?.markdown.split('\n\n---\n\n')[0] ?? '',
      'the hover',
    );
  });

  it('L1: a key of the file is text in its hover', () => {
    const text = 'k3s:\n  install:\n    env:\n      "K3S_[x](https://evil.example)": a\n';
    const found = hover(parseDocument(text), text.indexOf('K3S_') + 2);
    if (found !== undefined) expectPlainMarkdown(found.markdown.split('\n\n')[0] ?? '', 'the hover of a key');
    for (const one of HOSTILE) {
      const marked = JSON.stringify({ servers: { config: { [one]: one } } });
      expectPlainMarkdown(
        (hover(parseDocument(marked), marked.indexOf('config') + 12)?.markdown ?? '')
          .split('\n\n---\n\n')[0]
          ?.split('\n\n')[0] ?? '',
        'the hover of an option',
      );
    }
  });

  it('L1: messages, questions, choices and progress have no link, no icon and no line of others', async () => {
    const { askText, choose, sayError, sayInformation, sayWarning, withProgress } =
      await import('../../src/vscode/services/say');
    const { createLog } = await import('../../src/vscode/services/log');
    shown.length = 0;
    const evil = '[Fix](command:workbench.action.terminal.new?%5B%5D) $(error) \u001b]0;x\u0007 \u202e\nline';
    await sayInformation(evil);
    await sayWarning(evil, { choices: ['Yes'], detail: `${evil}\n[a](command:b)` });
    await sayError(evil);
    await askText({ title: evil, prompt: evil, validateInput: () => evil });
    await choose([{ label: evil, detail: evil }], { title: evil });
    await withProgress(evil, { cancellable: true }, async (tell) => tell(evil, 1));
    const log = createLog();
    for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) log[level](evil);
    const input = shown.find(([what]) => what === 'input')?.[1] as { validateInput(text: string): Promise<string> };
    shown.push(['validation', await input.validateInput('x')]);
    expect(shown).toHaveLength(13);
    for (const [what, ...given] of shown) {
      // The item is what the caller gets back.
      const text = JSON.stringify(given, (key, value: unknown) => (key === 'item' ? undefined : value));
      expect(text, String(what)).toContain('Fix');
      // eslint-disable-next-line no-control-regex
      expect(text, String(what)).not.toMatch(/\\u001b|\\u0007|[\x00-\x1f\u202e]/);
      // The log is a text file: links are none there, and lines stay lines.
      if (!String(what).startsWith('log ')) expect(text, String(what)).not.toMatch(/\]\(|\$\(/);
    }
  });
});

describe('L2: Mermaid', () => {
  it('L2: a line end in a zone begins no statement', () => {
    const evil = 'a"]\n  click n1 "https://evil.example"\n  n9["b';
    const statements = (zone: string): number =>
      mermaid(
        normalise({ servers: { nodes: [{ host: '10.0.0.11', zone, name: zone }] }, metadata: { name: 'edge' } }),
      ).split('\n').length;
    expect(statements(evil)).toBe(statements('plain'));
    expect(mermaid(normalise({ servers: { nodes: [{ host: '10.0.0.11', zone: evil }] } }))).not.toMatch(/^\s*click/m);
  });

  it.each(HOSTILE.map((text, i) => [i, text] as const))(
    'L2: no statement and no directive comes of hostile text %i',
    (_i, text) => {
      const drawn = mermaid(
        normalise({
          servers: { nodes: [{ host: `h ${text}`, zone: `z ${text}`, name: `n ${text}` }] },
          loadBalancer: { address: text },
        }),
      );
      expect(drawn.replace(/"[^"\n]*"/g, '')).not.toMatch(/click|%%|evil|script|init/);
      expect(drawn).not.toMatch(/%%|[`\\]/);
    },
  );
});
