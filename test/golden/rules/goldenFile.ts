import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineIndex } from '../../../src/core/base/text';
import { parseDocument } from '../../../src/core/document/parse';
import { checkCluster } from '../../../src/core/rules/registry';
import type { Finding, RuleContext } from '../../../src/core/rules/rule';
import { normalise } from '../../../src/core/spec/normalise';

export const FOLDER = import.meta.dirname;

/** `# want <rule-id> "<part of the message>"` on the line of the finding. */
export interface Want {
  readonly line: number;
  readonly ruleId: string;
  readonly message: string;
}

/** `# fix <name> <rule-id> "<part of the title>"`: applied to the first finding of the rule, gives `<file>.<name>.fixed.k3s.yaml`. */
export interface WantedFix {
  readonly name: string;
  readonly ruleId: string;
  readonly title: string;
}

export function goldenFiles(): string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.k3s.yaml') && !name.endsWith('.fixed.k3s.yaml'));
}

export function readGolden(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

export function contextOf(text: string): RuleContext {
  const document = parseDocument(text);
  return { document, cluster: normalise(document.data) };
}

export function wantsOf(text: string): Want[] {
  return text.split('\n').flatMap((line, i) =>
    [...line.matchAll(/\bwant ([a-z0-9-]+) "([^"]*)"/g)].map(([, ruleId = '', message = '']) => ({ line: i + 1, ruleId, message })),
  );
}

export function wantedFixes(text: string): WantedFix[] {
  return [...text.matchAll(/^# fix (\S+) (\S+) "([^"]*)"$/gm)].map(([, name = '', ruleId = '', title = '']) => ({ name, ruleId, title }));
}

export interface Found {
  readonly line: number;
  readonly finding: Finding;
}

/** All findings with their one-based lines. */
export function findingsOf(context: RuleContext): Found[] {
  const lines = new LineIndex(context.document.text);
  return checkCluster(context).map((finding) => {
    const range = context.document.rangeOf(finding.path, finding.part);
    if (range === undefined) throw new Error(`${finding.ruleId}: ${JSON.stringify(finding.path)} is not in the file`);
    return { line: lines.positionAt(range.start).line + 1, finding };
  });
}
