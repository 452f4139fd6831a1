import snippets from '../../../schemas/snippets.json';
import { later, said } from '../base/say';
import { isBlank } from '../document/isBlank';
import type { ClusterDocument } from '../document/clusterDocument';
import type { TextRange } from '../base/text';
import type { CompletionItem } from './completionItem';

/** Whole files to begin with, by their names among the snippets, the one for most people first. */
const STARTERS: readonly string[] = [
  later`Embedded etcd`,
  'PostgreSQL',
  'MySQL',
  later`External etcd with TLS`,
  later`Air gap`,
  later`Single server`,
  later`Practice fleet`,
];

const SNIPPETS: Readonly<Record<string, { readonly body: readonly string[]; readonly description: string }>> = snippets;

/** What a file without a word in it may begin with; none for any other. */
export function starterItems(document: ClusterDocument, range: TextRange): CompletionItem[] {
  if (!isBlank(document)) return [];
  return STARTERS.map((name, index) => ({
    label: said(name),
    kind: 'snippet',
    range,
    insertText: SNIPPETS[name]?.body.join('\n') ?? '',
    isSnippet: true,
    detail: SNIPPETS[name]?.description ?? '',
    documentation: '',
    // Above all keys.
    sortText: `!${index}`,
  }));
}
