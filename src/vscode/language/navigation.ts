import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { documentLinks, type DocumentLink } from '../../core/language/links';
import { namedAt, rename, type Named } from '../../core/language/occurrences';
import { toRange, toWorkspaceEdit } from './convert';
import type { Parsed } from './parsed';
import { selector } from './selector';

/** Links to files, and the places of zones, secrets and anchors: definition, references, highlights, rename. */
export function registerNavigation(parsed: Parsed): vscode.Disposable {
  const documents = selector();
  const named = (document: vscode.TextDocument, position: vscode.Position): Named | undefined => namedAt(parsed(document), document.offsetAt(position));
  const locations = (document: vscode.TextDocument, places: Named['places']): vscode.Location[] => places.map((place) => new vscode.Location(document.uri, toRange(document, place)));
  return vscode.Disposable.from(
    vscode.languages.registerDocumentLinkProvider(documents, {
      provideDocumentLinks: (document) => documentLinks(parsed(document)).map(({ range, target }) => new vscode.DocumentLink(toRange(document, range), uriOf(document, target))),
    }),
    vscode.languages.registerDefinitionProvider(documents, {
      provideDefinition: (document, position) => locations(document, named(document, position)?.places.slice(0, 1) ?? []),
    }),
    vscode.languages.registerReferenceProvider(documents, {
      provideReferences: (document, position) => locations(document, named(document, position)?.places ?? []),
    }),
    vscode.languages.registerDocumentHighlightProvider(documents, {
      provideDocumentHighlights: (document, position) => (named(document, position)?.places ?? []).map((place) => new vscode.DocumentHighlight(toRange(document, place))),
    }),
    vscode.languages.registerRenameProvider(documents, {
      prepareRename: (document, position) => {
        const found = named(document, position);
        if (found === undefined) throw new Error('Zones, secrets and anchors can be renamed; there is none at the cursor.');
        return { range: toRange(document, found.range), placeholder: found.name };
      },
      provideRenameEdits: (document, position, newName) => {
        const found = named(document, position);
        if (found === undefined) return undefined;
        const edits = rename(parsed(document), found, newName);
        if (!edits.ok) throw new Error(edits.error);
        return toWorkspaceEdit(document, edits.value);
      },
    }),
  );
}

function uriOf(document: vscode.TextDocument, target: DocumentLink['target']): vscode.Uri {
  if (target.kind === 'url') return vscode.Uri.parse(target.url, true);
  const path = target.path.replace(/^~(?=\/|$)/, homedir());
  return /^(?:\/|[A-Za-z]:[\\/])/.test(path) ? vscode.Uri.file(path) : vscode.Uri.joinPath(document.uri, '..', path);
}
