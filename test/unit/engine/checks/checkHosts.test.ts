import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../../src/core/document/parse';
import { normalise } from '../../../../src/core/cluster/normalise';
import { hostFindingsIn, ignoredIn } from '../../../../src/core/language/hostFindings';
import { validate } from '../../../../src/core/language/validate';
import { hostReportText } from '../../../../src/core/hostChecks/reportText';
import { problem } from '../../../../src/core/base/problem';
import { err, ok } from '../../../../src/core/base/result';
import { checkHosts, type CheckDependencies } from '../../../../src/engine/checks/checkHosts';
import { agreedDoor } from '../../../support/agreedDoor';
import { probeText, scriptedHosts, type CallAnswer } from '../../../support/scriptedHosts';

const FILE = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: edge }
k3s: { version: v1.36.3+k3s1 }
servers:
  nodes:
    - { host: 10.0.0.11, name: server-1 }
agents:
  nodes:
    # k3s-ha-ignore arch-unsupported -- it is only tried
    - { host: 10.0.1.11, name: agent-1 }
    - { host: 10.0.1.12, name: agent-2 }
`;

const DOOR = agreedDoor({ resolve: async (text) => ok(text) });

const ODD: CallAnswer = (host, script) =>
  host === 'agent-2'
    ? 'cut off'
    : script === 'probe'
      ? { stdout: probeText({ arch: 'riscv64', hostname: host, memory_cgroup: 'yes' }) }
      : {};

function deps(answer: CallAnswer, text = FILE): CheckDependencies & { readonly asked: () => readonly string[] } {
  const document = parseDocument(text);
  const hosts = scriptedHosts(answer);
  return {
    hosts,
    secrets: DOOR,
    parallel: 5,
    ignores: ignoredIn(document, normalise(document.data)),
    asked: () => hosts.asked(),
  };
}

const cluster = normalise(parseDocument(FILE).data);

describe('checking the hosts of a file', () => {
  it('asks every machine once, and tells what it found, but for what the file ignores', async () => {
    const used = deps(ODD);
    const seen: string[] = [];
    const report = await checkHosts(cluster, used, {
      onChecked: (machine, found, done, total) => seen.push(`${machine} ${found?.code ?? 'fine'} ${done}/${total}`),
    });
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value).toMatchObject({ machines: 3, examined: 2, ignored: 1 });
    expect(report.value.findings.map(({ id, severity, machine }) => `${severity} ${id} ${machine}`)).toEqual([
      'error host-not-examined agent-2',
      'error arch-unsupported server-1',
    ]);
    expect(
      used
        .asked()
        .filter((call) => call.startsWith('probe'))
        .sort(),
    ).toEqual(['probe agent-1', 'probe agent-2', 'probe server-1']);
    expect(used.asked().filter((call) => call.endsWith('agent-2'))).toEqual(['probe agent-2']);
    expect(seen.at(-1)).toMatch(/3\/3$/);
    expect(seen.map((line) => line.slice(0, -4)).sort()).toEqual([
      'agent-1 fine',
      'agent-2 connection-lost',
      'server-1 fine',
    ]);
  });

  it('tells a host that answers half as one that cannot be examined, with what it said', async () => {
    const half = probeText().split('\n').slice(0, 6).join('\n');
    const report = await checkHosts(
      cluster,
      deps(() => ({ stdout: half, stderr: 'sh: ip: not found', exitCode: 1 })),
    );
    if (!report.ok) throw new Error(report.error.message);
    expect(report.value.findings.map(({ id, why }) => [id, why])).toEqual(
      Array.from({ length: 3 }, () => ['host-not-examined', 'sh: ip: not found']),
    );
  });

  it('sends nothing before the person has agreed', async () => {
    const used = deps(ODD);
    const refused = { ...DOOR, admit: async () => err(problem('secrets-not-agreed', 'No')) };
    expect(await checkHosts(cluster, { ...used, secrets: refused })).toMatchObject({ ok: false });
    expect(used.asked()).toEqual([]);
  });

  it('says each thing on lines of its own, harmless to a terminal', async () => {
    const report = await checkHosts(
      cluster,
      deps(() => ({ stdout: probeText({ arch: 'x\u001b[31m' }) })),
    );
    const text = hostReportText(report.ok ? report.value.findings.slice(0, 1) : []);
    expect(text).not.toContain('\u001b');
    expect(text.split('\n')).toEqual([
      expect.stringMatching(/^error arch-unsupported server-1 has the processor architecture x/),
      '  Next: Use an amd64, arm64, armhf or s390x host.',
    ]);
  });
});

describe('a finding of a machine in the file', () => {
  const finding = { id: 'swap-on', severity: 'info', machine: 'agent-2', message: 'It swaps.', nextSteps: [] } as const;
  const placed = (text: string, levels = {}) => {
    const document = parseDocument(text);
    return hostFindingsIn(document, normalise(document.data), [finding], levels).map(({ path, part, severity }) => [
      text.slice(document.rangeOf(path, part)?.start, document.rangeOf(path, part)?.end),
      severity,
    ]);
  };

  it('stands at its line, moves with it, and goes with the machine', () => {
    expect(placed(FILE)).toEqual([['10.0.1.12', 'info']]);
    expect(placed(FILE.replace('agents:', 'agents:\n  # one\n'))).toEqual([['10.0.1.12', 'info']]);
    expect(placed(FILE.replace('agent-2', 'agent-9'))).toEqual([]);
  });

  it('is ignored for its line or for the file, and has the level that the settings give it', () => {
    expect(placed(FILE.replace('name: agent-2 }', 'name: agent-2 } # k3s-ha-ignore swap-on'))).toEqual([]);
    expect(placed(`# k3s-ha-ignore-file swap-on\n${FILE}`)).toEqual([]);
    expect(placed(FILE, { 'swap-on': 'error' })).toEqual([['10.0.1.12', 'error']]);
    expect(placed(FILE, { 'swap-on': 'off' })).toEqual([]);
  });

  it('may be ignored before anybody has looked at the machine; a wrong id is still told', () => {
    const codes = (text: string): readonly string[] =>
      validate(text)
        .filter(({ source }) => source === 'ignore')
        .map(({ code, message }) => `${code}: ${message}`);
    expect(codes(FILE)).toEqual([]);
    expect(codes(FILE.replace('arch-unsupported', 'arch-unsuported'))).toEqual([
      'unknown-rule: There is no rule "arch-unsuported"; did you mean "arch-unsupported"?',
    ]);
  });
});
