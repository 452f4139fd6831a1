import type * as vscode from 'vscode';
import type { ClusterDocument } from '../../core/document/clusterDocument';
import { parseDocument } from '../../core/document/parse';

/** The text as a tree, parsed once for each version of a document whoever asks. */
export type Parsed = (document: vscode.TextDocument) => ClusterDocument;

export function parseCache(): Parsed {
  const cache = new WeakMap<vscode.TextDocument, { readonly version: number; readonly parsed: ClusterDocument }>();
  return (document) => {
    const known = cache.get(document);
    if (known?.version === document.version) return known.parsed;
    const parsed = parseDocument(document.getText());
    cache.set(document, { version: document.version, parsed });
    return parsed;
  };
}
