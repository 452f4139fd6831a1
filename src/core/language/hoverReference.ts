import { said, say } from '../base/say';
import type { TextRange } from '../base/text';
import type { ClusterDocument } from '../document/clusterDocument';
import { lineEnd, lineStart } from '../document/layout';
import { listReferences, type Reference } from '../cluster/references';
import { ruleById } from '../rules/registry';
import { count } from '../base/words';
import { IGNORE, ignoreComments } from './ignoreComments';
import { inlineCode } from '../base/markdown';

interface Explained {
  readonly range: TextRange;
  readonly markdown: string;
}

/** Where the value behind a reference such as `${secret:name}` is looked up; never the value. */
export function explainReference(document: ClusterDocument, offset: number): Explained | undefined {
  const { text } = document;
  const start = lineStart(text, offset);
  const line = text.slice(start, lineEnd(text, offset));
  const found = listReferences(line).find(({ range }) => start + range.start <= offset && offset < start + range.end);
  if (found === undefined) return undefined;
  const range = { start: start + found.range.start, end: start + found.range.end };
  const at = document.pathAt(offset);
  const value = at?.part === 'value' ? document.rangeOf(at.path, 'value') : undefined;
  // In a comment nothing is looked up.
  if (value === undefined || value.start > range.start || value.end < range.end) return undefined;
  return {
    range,
    markdown: [
      `**${inlineCode(line.slice(found.range.start, found.range.end))}**`,
      lookUp(found),
      ...uses(text, found),
    ].join('\n\n'),
  };
}

function lookUp({ kind, name }: Reference): string {
  switch (kind) {
    case 'env':
      return say`The environment variable ${inlineCode(name)} of VS Code, or of the command when the \`k3s-ha\` command line runs.`;
    case 'file':
      return say`The content of the file ${inlineCode(name)}${/^(?:~?\/|[A-Za-z]:[\\/])/.test(name) ? '' : say`, relative to this cluster file`}. Only its owner may have access (mode 0600).`;
    case 'secret':
      return [
        say`The secret ${inlineCode(name)}, which is stored outside this file:`,
        '',
        say`- in the editor: in the secret storage of VS Code, which asks for it when it is needed first`,
        say`- on the command line: in the environment variable ${inlineCode(`K3S_HA_SECRET_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`)}, else in \`~/.config/k3s-ha/secrets.yaml\``,
      ].join('\n');
  }
}

function uses(text: string, { kind, name }: Reference): string[] {
  const written = `\${${kind}:${name}}`;
  const places = text.split(written).length - 1;
  return places < 2 ? [] : [say`Written in ${count(places, 'place')} of this file.`];
}

/** What the rule says that an ignore comment names under the cursor. */
export function explainIgnoredRule(document: ClusterDocument, offset: number): Explained | undefined {
  const { text } = document;
  if (!text.slice(lineStart(text, offset), lineEnd(text, offset)).includes(IGNORE)) return undefined;
  for (const comment of ignoreComments(document)) {
    const named = comment.rules.find(({ range }) => range.start <= offset && offset <= range.end);
    const rule = named === undefined ? undefined : ruleById(named.ruleId);
    if (named === undefined || rule === undefined) continue;
    const where =
      comment.line === undefined ? say`in this file` : comment.alone ? say`on the next line` : say`on this line`;
    return {
      range: named.range,
      markdown: say`**${rule.id}** (${rule.severity})\n\n${said(rule.title)}\n\nIts findings ${where} are ignored.`,
    };
  }
  return undefined;
}
