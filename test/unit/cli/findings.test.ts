import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import type { FileFinding, Findings } from '../../../src/cli/findings/finding';
import { github } from '../../../src/cli/findings/github';
import { gitlab } from '../../../src/cli/findings/gitlab';
import { junit } from '../../../src/cli/findings/junit';
import { sarif } from '../../../src/cli/findings/sarif';
import { GITLAB_SCHEMA, SARIF_SCHEMA } from '../../support/reportSchemas';

const found = (more: Partial<FileFinding>): FileFinding => ({
  file: './clusters/edge.k3s.yaml',
  line: 3,
  column: 5,
  endLine: 3,
  endColumn: 9,
  severity: 'error',
  id: 'etcd-two-servers',
  message: 'Two are worse than one',
  ...more,
});
const of = (...findings: FileFinding[]): Findings => ({
  files: [...new Set([...findings.map(({ file }) => file), 'good.k3s.yaml'])],
  findings,
  failing: findings.filter(({ severity }) => severity === 'error'),
});
const NASTY = found({
  file: 'a b,c:d%?#ü\\e.k3s.yaml',
  message: '</failure>]]>&"\'<\u0001\u{1f600}\ud800 100%,\r\n::error::x',
  severity: 'hint',
});
const ALL = of(found({}), found({ line: 9, endLine: 11 }), found({ id: 'yaml-syntax', severity: 'warning' }), NASTY);
const errorsOf = (schema: object, value: unknown): unknown => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  return ajv.validate(schema, value) ? [] : ajv.errors;
};

describe('findings as SARIF', () => {
  it('are what its schema allows, whatever a file is called', () => {
    expect(errorsOf(SARIF_SCHEMA, sarif(ALL, '1.2.3'))).toEqual([]);
    expect(errorsOf(SARIF_SCHEMA, sarif(of(), '1.2.3'))).toEqual([]);
    expect(errorsOf(SARIF_SCHEMA, { version: '2.1.0', runs: [{ results: [{}] }] })).not.toEqual([]);
  });

  it('name the rule with its title, the level and the place', () => {
    expect(sarif(ALL, '1.2.3')).toMatchObject({
      runs: [
        {
          tool: {
            driver: {
              version: '1.2.3',
              rules: [
                { id: 'etcd-two-servers', shortDescription: { text: expect.any(String) } },
                { id: 'yaml-syntax' },
              ],
            },
          },
          results: [
            {
              ruleIndex: 0,
              level: 'error',
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: 'clusters/edge.k3s.yaml' },
                    region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
                  },
                },
              ],
            },
            { locations: [{ physicalLocation: { region: { startLine: 9, endLine: 11 } } }] },
            { ruleId: 'yaml-syntax', ruleIndex: 1, level: 'warning' },
            {
              level: 'note',
              locations: [{ physicalLocation: { artifactLocation: { uri: 'a%20b,c:d%25%3F%23%C3%BC/e.k3s.yaml' } } }],
            },
          ],
        },
      ],
    });
  });
});

describe('findings as JUnit', () => {
  const xml = junit(ALL);

  it('have a case for each, of which those that fail the run fail', () => {
    expect(xml).toContain('<testsuite name="clusters/edge.k3s.yaml" tests="3" failures="2" errors="0" skipped="0">');
    expect(xml).toContain('<testcase name="etcd-two-servers (line 3)" classname="clusters/edge.k3s.yaml">');
    expect(xml).toContain('<failure type="error" message="Two are worse than one">');
    expect(xml).toContain('<system-out>clusters/edge.k3s.yaml:3:5 warning: Two are worse than one</system-out>');
  });

  it('tell a file without findings as passed', () => {
    expect(xml).toContain('<testcase name="no findings" classname="good.k3s.yaml"/>');
  });

  it('stay XML whatever a message holds', () => {
    expect(xml).toContain(
      '&#60;/failure&#62;]]&#62;&#38;&#34;&#39;&#60;\ufffd\u{1f600}\ufffd 100%,&#13;&#10;::error::x</system-out>',
    );
    expect(xml.replace(/&#\d+;/g, '')).not.toMatch(/&|<(?!\/?(?:testsuites?|testcase|failure|system-out|\?xml)[ >])/);
  });
});

describe('findings as annotations', () => {
  it('of GitHub stand at their lines, one each, and end nowhere too early', () => {
    expect(github(ALL).split('\n')).toEqual([
      '::error file=clusters/edge.k3s.yaml,line=3,endLine=3,col=5,endColumn=8,title=etcd-two-servers::Two are worse than one',
      '::error file=clusters/edge.k3s.yaml,line=9,endLine=11,col=5,title=etcd-two-servers::Two are worse than one',
      '::warning file=clusters/edge.k3s.yaml,line=3,endLine=3,col=5,endColumn=8,title=yaml-syntax::Two are worse than one',
      expect.stringMatching(
        /^::notice file=a b%2Cc%3Ad%25\?#ü\/e\.k3s\.yaml,line=3,.*,title=etcd-two-servers::.*100%25,%0D%0A::error::x$/,
      ),
    ]);
    expect(github(of())).toBe('');
  });

  it('of GitLab are what it reads, and each has a mark of its own that stays when the line changes', () => {
    expect(errorsOf(GITLAB_SCHEMA, gitlab(ALL))).toEqual([]);
    const prints = (all: Findings): unknown[] => gitlab(all).map((one) => (one as { fingerprint: string }).fingerprint);
    expect(new Set(prints(ALL)).size).toBe(4);
    expect(prints(of(found({ line: 7 })))).toEqual(prints(of(found({}))));
    expect(gitlab(ALL)[0]).toMatchObject({ severity: 'major', location: { path: 'clusters/edge.k3s.yaml' } });
  });
});
