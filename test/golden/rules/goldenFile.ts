import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineIndex } from '../../../src/core/base/text';
import { parseDocument } from '../../../src/core/document/parse';
import { checkCluster, fixesFor } from '../../../src/core/rules/registry';
import type { Finding, RuleContext } from '../../../src/core/rules/rule';
import { normalise } from '../../../src/core/cluster/normalise';

export const FOLDER = import.meta.dirname;

/** `# want <rule-id> "<part of the message>"` on the line of the finding. */
export interface Want {
  readonly line: number;
  readonly ruleId: string;
  readonly message: string;
}

/** `# fix <name> <rule-id> "<part of the title>"`: applied to the first finding of the rule, what it changes stands in `said.txt`. */
export interface WantedFix {
  readonly name: string;
  readonly ruleId: string;
  readonly title: string;
}

/** All golden files as `<area>/<rule-id>/<name>`, with slashes on every system. */
export function goldenFiles(): string[] {
  return globSync('*/*/*.k3s.yaml', { cwd: FOLDER })
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
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
    [...line.matchAll(/\bwant ([a-z0-9-]+) "([^"]*)"/g)].map(([, ruleId = '', message = '']) => ({
      line: i + 1,
      ruleId,
      message,
    })),
  );
}

export function wantedFixes(text: string): WantedFix[] {
  return [...text.matchAll(/^# fix (\S+) (\S+) "([^"]*)"$/gm)].map(([, name = '', ruleId = '', title = '']) => ({
    name,
    ruleId,
    title,
  }));
}

export interface Found {
  readonly line: number;
  readonly finding: Finding;
}

const known = new WeakMap<RuleContext, readonly Found[]>();

/** All findings with their one-based lines. */
export function findingsOf(context: RuleContext): readonly Found[] {
  const found = known.get(context) ?? findAll(context);
  known.set(context, found);
  return found;
}

function findAll(context: RuleContext): readonly Found[] {
  const lines = new LineIndex(context.document.text);
  return checkCluster(context).map((finding) => {
    const range = context.document.rangeOf(finding.path, finding.part);
    if (range === undefined) throw new Error(`${finding.ruleId}: ${JSON.stringify(finding.path)} is not in the file`);
    return { line: lines.positionAt(range.start).line + 1, finding };
  });
}

/** A finding word for word, the places it points to, and what is offered to do about it; "safe" is what "Fix all" takes without asking. */
export function linesOf(context: RuleContext, { line, finding }: Found): string[] {
  const lines = new LineIndex(context.document.text);
  const lineOf = ({ path, part }: Pick<Finding, 'path' | 'part'>) =>
    lines.positionAt(context.document.rangeOf(path, part)?.start ?? 0).line + 1;
  return [
    `${line} ${finding.severity} ${finding.ruleId}: ${finding.message}`,
    ...(finding.related ?? []).map((place) => `  see ${lineOf(place)}: ${place.message}`),
    ...fixesFor(context, finding).map(({ title, safe }) => `  ${safe ? 'safe fix' : 'fix'}: ${title}`),
  ];
}
