import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/core/base/text';
import { parseDocument } from '../../../src/core/document/parse';
import { complete } from '../../../src/core/language/complete';
import { hover } from '../../../src/core/language/hover';
import { documentSymbols } from '../../../src/core/language/symbols';
import { fixes, validate, type Diagnostic } from '../../../src/core/language/validate';
import { clusterFile, SERVERS } from './marked';

const codes = (text: string): string[] => validate(text).map((diagnostic) => diagnostic.code);
const found = (text: string, code: string): Diagnostic => {
  const diagnostic = validate(text).find((candidate) => candidate.code === code);
  if (diagnostic === undefined) throw new Error(`No ${code} among ${codes(text).join(', ')}`);
  return diagnostic;
};

describe('validate', () => {
  it('says nothing about an empty file', () => {
    expect(validate('')).toEqual([]);
    expect(validate('# only a comment\n')).toEqual([]);
  });

  it('joins YAML, schema and rules in the order of the file', () => {
    const text = clusterFile(`loadBalancer: {address: 10.0.0.100, prot: 1}\n${SERVERS}    - host: 10.0.0.11\n`);
    const diagnostics = validate(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['unknown-key', 'duplicate-host-address', 'endpoint-not-in-tls-san']),
    );
    expect(diagnostics.map(({ range }) => range.start)).toEqual(
      diagnostics.map(({ range }) => range.start).sort((a, b) => a - b),
    );
  });

  it('reports broken YAML alone, without what would only follow from it', () => {
    const text = 'apiVersion: k3s-ha/v1\nservers:\n  nodes:\n    - host: "10.0.0.11\n';
    expect(validate(text)).toEqual([
      expect.objectContaining({
        code: 'yaml-syntax',
        source: 'yaml',
        severity: 'error',
        message: 'This quote is never closed: a second " is missing',
      }),
    ]);
  });

  it('still reports misspelled keys next to broken YAML', () => {
    expect(codes('serverss: {}\ntoken: [a\n')).toEqual(['unknown-key', 'yaml-syntax']);
  });

  it('leaves a removed option to the rule that knows it', () => {
    const all = codes(clusterFile(`${SERVERS}  config:\n    no-deploy: [traefik]\n`));
    expect(all).toContain('flag-removed');
    expect(all).not.toContain('unknown-key');
  });

  it('points at the other places of a finding', () => {
    const text = clusterFile(`${SERVERS}    - host: 10.0.0.12\n    - host: 10.0.0.11\n`);
    const { related } = found(text, 'duplicate-host-address');
    expect(related.map(({ range }) => text.slice(range.start, range.end))).toContain('10.0.0.11');
  });

  it('underlines at most one line', () => {
    const text = clusterFile(
      'servers:\n  nodes:\n    - name: a\n      zone: b\n    - host: b\nagents:\n  - a\n  - b\n',
    );
    for (const { range } of validate(text)) {
      expect(range.end).toBeGreaterThan(range.start);
      expect(text.slice(range.start, range.end)).not.toContain('\n');
    }
  });
});

describe('fixes', () => {
  it('gives those of the schema and of rules for a place, and each one removes its diagnostic', () => {
    const text = clusterFile(`loadBalancer: {address: 10.0.0.100, prot: 6443}\n${SERVERS}`);
    for (const code of ['unknown-key', 'endpoint-not-in-tls-san']) {
      const offered = fixes(text, found(text, code).range).filter((fix) => fix.diagnosticCode === code);
      expect(offered.length).toBeGreaterThan(0);
      for (const fix of offered) expect(codes(applyEdits(text, fix.edits))).not.toContain(code);
    }
  });

  it('gives none elsewhere', () => {
    const text = clusterFile(`${SERVERS}agents: {config: {tls-san: [a]}}\n`);
    expect(fixes(text, { start: 0, end: 5 }).map((fix) => fix.diagnosticCode)).not.toContain('agent-server-only-flag');
  });

  it('hands over the secret that a rule moves out of the file', () => {
    const text = clusterFile(`token: hunter2-hunter2\n${SERVERS}`);
    const [fix] = fixes(text, found(text, 'plaintext-secret').range).filter(
      ({ storeSecrets }) => storeSecrets !== undefined,
    );
    expect(Object.values(fix?.storeSecrets ?? {})).toEqual(['hunter2-hunter2']);
    expect(applyEdits(text, fix?.edits ?? [])).not.toContain('hunter2');
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    'servers:',
    'nodes:',
    '- host: 10.0.0.[1-3]',
    'config:',
    'tls-san: [a',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '&a',
    '*a',
    '<<: *a',
    '\n',
    '\n  ',
    '\n    ',
    '\t',
    ' ',
    ':',
    '- ',
    '#',
    '🐄',
    'datastore: {type: mysql',
    'loadBalancer:',
    'address: x',
    '---',
    '...',
    '%',
    '@',
    '!!x',
    '${secret:a}',
    '\r\n',
    '?',
    ',',
    '\u0000',
    '\ufeff',
    'a: b: c',
  );
  const text = fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(''));

  it('never breaks the editor, wherever the cursor is', () => {
    fc.assert(
      fc.property(text, fc.nat(), (source, at) => {
        const offset = at % (source.length + 1);
        const document = parseDocument(source);
        for (const { range } of validate(document)) {
          expect(range.start).toBeGreaterThanOrEqual(0);
          expect(range.end).toBeLessThanOrEqual(source.length);
        }
        for (const item of complete(source, offset)) expect(item.range.end).toBeLessThanOrEqual(source.length);
        hover(document, offset);
        documentSymbols(document);
        for (const fix of fixes(document, { start: offset, end: offset })) applyEdits(source, fix.edits);
      }),
      { numRuns: 400 },
    );
  });
});
