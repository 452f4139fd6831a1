import { describe, expect, it } from 'vitest';
import { applyEdits, LineIndex } from '../../../src/core/base/text';
import { parseDocument } from '../../../src/core/document/parse';
import { control, ignoreInFile, ignoreOnLine, type RuleLevels } from '../../../src/core/language/control';
import { visibleRange } from '../../../src/core/language/visibleRange';
import { checkCluster } from '../../../src/core/rules/registry';
import { normalise } from '../../../src/core/cluster/normalise';
import { goldenFiles, readGolden } from '../../golden/rules/goldenFile';

const HEAD = 'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: edge}\nk3s: {version: v1.36.3+k3s1}\n';
const TWO =
  'datastore: {type: embedded-etcd}\ntoken: ${secret:edge-token}\nservers:\n  nodes:\n    - {host: 10.0.0.11, name: server-1}\n    - {host: 10.0.0.12, name: server-2}\n';

function run(text: string, levels?: RuleLevels) {
  const document = parseDocument(text);
  return { document, ...control(document, checkCluster({ document, cluster: normalise(document.data) }), levels) };
}

function ids(text: string, levels?: RuleLevels): string[] {
  return run(text, levels).findings.map(({ ruleId }) => ruleId);
}

function problems(text: string): string[] {
  const lines = new LineIndex(text);
  return run(text).problems.map(
    ({ code, range, message }) =>
      `${lines.positionAt(range.start).line + 1} ${code} ${text.slice(range.start, range.end)}: ${message}`,
  );
}

describe('ignore comments', () => {
  it('the finding is there without one', () => {
    expect(ids(HEAD + TWO)).toContain('etcd-two-servers');
  });

  it.each([
    ['at the end of the line', TWO.replace('nodes:', 'nodes: # k3s-ha-ignore etcd-two-servers')],
    ['on the line above', TWO.replace('  nodes:', '  # k3s-ha-ignore etcd-two-servers\n  nodes:')],
    [
      'above, with another comment between',
      TWO.replace('  nodes:', '  # k3s-ha-ignore etcd-two-servers\n\n  # Just two for now.\n  nodes:'),
    ],
    [
      'with a reason',
      TWO.replace('  nodes:', '  # k3s-ha-ignore etcd-two-servers -- the third comes on Monday\n  nodes:'),
    ],
    ['for the file', `${TWO}# k3s-ha-ignore-file etcd-two-servers\n`],
    ['among others', TWO.replace('datastore:', '# k3s-ha-ignore-file etcd-two-servers, plaintext-secret\ndatastore:')],
    ['with CRLF', TWO.replace('  nodes:', '  # k3s-ha-ignore etcd-two-servers\n  nodes:').replaceAll('\n', '\r\n')],
  ])('suppress a finding %s', (_where, text) => {
    expect(ids(HEAD + text)).not.toContain('etcd-two-servers');
    expect(run(HEAD + text).suppressed).toBe(1);
    expect(problems(HEAD + text).filter((problem) => !problem.includes('plaintext-secret'))).toEqual([]);
  });

  it.each([
    ['on another line', TWO.replace('servers:', 'servers: # k3s-ha-ignore etcd-two-servers')],
    ['of another rule', TWO.replace('datastore:', '# k3s-ha-ignore lb-single-point\ndatastore:')],
    ['inside a text', TWO.replace('${secret:edge-token}', '"a # k3s-ha-ignore-file etcd-two-servers"')],
    ['inside a block text', TWO.replace('${secret:edge-token}', '|\n  # k3s-ha-ignore-file etcd-two-servers')],
    ['glued to a word', TWO.replace('embedded-etcd}', 'embedded-etcd}# k3s-ha-ignore etcd-two-servers')],
  ])('suppress nothing %s', (_where, text) => {
    if (parseDocument(HEAD + text).syntaxProblems.length === 0) expect(ids(HEAD + text)).toContain('etcd-two-servers');
    expect(run(HEAD + text).suppressed).toBe(0);
  });

  it('say when they suppress nothing, and can be removed', () => {
    const text = `${HEAD}${TWO.replace('datastore:', '# k3s-ha-ignore lb-single-point\ndatastore:')}# k3s-ha-ignore-file plaintext-secret, etcd-two-servers\n# k3s-ha-ignore\n`;
    expect(problems(text)).toEqual([
      '5 unused-ignore lb-single-point: There is no finding of lb-single-point on the next line, so nothing is suppressed.',
      '12 unused-ignore plaintext-secret: There is no finding of plaintext-secret in this file, so nothing is suppressed.',
      '13 unused-ignore # k3s-ha-ignore: This comment names no rule and suppresses nothing. Write the id of the finding, as in "# k3s-ha-ignore lb-single-point".',
    ]);
    let fixed = text;
    for (let next = run(fixed).problems[0]; next !== undefined; next = run(fixed).problems[0])
      fixed = applyEdits(fixed, next.fixes[0]?.edits ?? []);
    expect(fixed).toBe(`${HEAD}${TWO}# k3s-ha-ignore-file etcd-two-servers\n`);
  });

  it('name the rule that is meant', () => {
    const [problem] = run(`${HEAD}${TWO}# k3s-ha-ignore-file etcd-two-server\n`).problems;
    expect(problem?.code).toBe('unknown-rule');
    expect(problem?.message).toBe('There is no rule "etcd-two-server"; did you mean "etcd-two-servers"?');
    expect(problem?.fixes[0]?.title).toBe('Write etcd-two-servers');
  });
});

describe('levels', () => {
  it('change how loud a rule is, and switch it off', () => {
    expect(
      run(HEAD + TWO, { 'etcd-two-servers': 'hint' }).findings.find(({ ruleId }) => ruleId === 'etcd-two-servers')
        ?.severity,
    ).toBe('hint');
    expect(ids(HEAD + TWO, { 'etcd-two-servers': 'off' })).not.toContain('etcd-two-servers');
  });

  it('make no comment useless by switching its rule off', () => {
    const text = `${HEAD}${TWO}# k3s-ha-ignore-file etcd-two-servers\n`;
    expect(run(text, { 'etcd-two-servers': 'off' }).problems).toEqual([]);
  });
});

describe('every finding of the golden files', () => {
  it.each(goldenFiles())('%s can be ignored on its line and in the file, without changing the data', (name) => {
    const text = readGolden(name);
    const { document, findings } = run(text);
    for (const finding of findings) {
      const line = (at: ReturnType<typeof run>, other: typeof finding) =>
        new LineIndex(at.document.text).positionAt(visibleRange(at.document, other.path, other.part).start).line;
      const onLine = run(applyEdits(text, ignoreOnLine(document, finding)));
      expect(onLine.document.data).toEqual(document.data);
      expect(onLine.problems).toEqual([]);
      const kept = onLine.findings.filter(({ ruleId }) => ruleId === finding.ruleId);
      expect(
        kept.filter((other) => other.message === finding.message && line(onLine, other) === line(onLine, finding)),
      ).toEqual([]);
      const inFile = run(applyEdits(text, ignoreInFile(document, finding.ruleId)));
      expect(inFile.document.data).toEqual(document.data);
      expect(inFile.findings.map(({ ruleId }) => ruleId)).not.toContain(finding.ruleId);
    }
  });
});
