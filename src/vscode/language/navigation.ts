import * as vscode from 'vscode';
import { documentLinks, type DocumentLink } from '../../core/language/links';
import { namedAt, rename, type Named } from '../../core/language/occurrences';
import type { Documents } from '../services/documents';
import { toRange, toWorkspaceEdit } from './convert';
import { selector } from './selector';

/** Links to files, and the places of zones, secrets and anchors: definition, references, highlights, rename. A browser knows no `home`. */
export function registerNavigation(documents: Documents, home?: string): vscode.Disposable {
  const served = selector();
  const named = async (document: vscode.TextDocument, position: vscode.Position): Promise<Named | undefined> =>
    namedAt(await documents.read(document), document.offsetAt(position));
  const locations = (document: vscode.TextDocument, places: Named['places']): vscode.Location[] =>
    places.map((place) => new vscode.Location(document.uri, toRange(document, place)));
  return vscode.Disposable.from(
    vscode.languages.registerDocumentLinkProvider(served, {
      provideDocumentLinks: async (document) =>
        documentLinks(await documents.read(document)).map(
          ({ range, target }) => new vscode.DocumentLink(toRange(document, range), uriOf(document, target, home)),
        ),
    }),
    vscode.languages.registerDefinitionProvider(served, {
      provideDefinition: async (document, position) =>
        locations(document, (await named(document, position))?.places.slice(0, 1) ?? []),
    }),
    vscode.languages.registerReferenceProvider(served, {
      provideReferences: async (document, position) =>
        locations(document, (await named(document, position))?.places ?? []),
    }),
    vscode.languages.registerDocumentHighlightProvider(served, {
      provideDocumentHighlights: async (document, position) =>
        ((await named(document, position))?.places ?? []).map(
          (place) => new vscode.DocumentHighlight(toRange(document, place)),
        ),
    }),
    vscode.languages.registerRenameProvider(served, {
      prepareRename: async (document, position) => {
        const found = await named(document, position);
        if (found === undefined)
          throw new Error('Zones, secrets and anchors can be renamed; there is none at the cursor.');
        return { range: toRange(document, found.range), placeholder: found.name };
      },
      provideRenameEdits: async (document, position, newName) => {
        const found = await named(document, position);
        if (found === undefined) return undefined;
        const edits = rename(await documents.read(document), found, newName);
        if (!edits.ok) throw new Error(edits.error);
        return toWorkspaceEdit(document, edits.value);
      },
    }),
  );
}

function uriOf(document: vscode.TextDocument, target: DocumentLink['target'], home = '~'): vscode.Uri {
  if (target.kind === 'url') return vscode.Uri.parse(target.url, true);
  const path = target.path.replace(/^~(?=\/|$)/, home);
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path) ? vscode.Uri.file(path) : vscode.Uri.joinPath(document.uri, '..', path);
}
