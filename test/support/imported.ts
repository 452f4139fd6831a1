import { expect } from 'vitest';
import { importCommands, type ImportedCommands } from '../../src/core/authoring/import/importCommands';
import type { SourceText } from '../../src/core/authoring/import/installCommand';
import { applyEdits } from '../../src/core/base/text';
import { normalise } from '../../src/core/cluster/normalise';
import type { Cluster } from '../../src/core/cluster/cluster';
import { parseDocument } from '../../src/core/document/parse';
import { validate } from '../../src/core/language/validate';

/** What an import makes of texts, with all that holds for every import proved. */
export function imported(
  pasted: string | readonly SourceText[],
  before = '',
): ImportedCommands & { text: string; said: string; codes: readonly string[]; cluster: Cluster; data: unknown } {
  const result = importCommands(parseDocument(before), pasted);
  const text = applyEdits(before, result.edits);
  const document = parseDocument(text);
  expect(document.syntaxProblems).toEqual([]);
  expect(importCommands(document, pasted).edits, 'importing again changes nothing').toEqual([]);
  const said = result.notes.join('\n');
  const shown = [text, ...result.done, said]
    .join('\n')
    .replace(/\$\{secret:[^}]*\}/g, '')
    .replaceAll(/"[\w-]+-password"/g, '');
  for (const secret of Object.values(result.storeSecrets))
    if (secret.length > 7) expect(shown, 'a secret is shown').not.toContain(secret);
  expect(`${text}${said}`).not.toMatch(/[\ue000-\ue1ff]|undefined|\[object/);
  const codes = validate(text).map(({ code }) => code);
  expect(codes, text).not.toContain('unknown-key');
  return { ...result, text, said, codes, cluster: normalise(document.data), data: document.data };
}

/** Where the machines of a role are. */
export const hostsOf = (nodes: Cluster['servers']): readonly string[] => nodes.map(({ host }) => host);
