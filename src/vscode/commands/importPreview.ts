import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import { printableLine } from '../../core/base/printable';
import { count } from '../../core/base/words';
import type { ImportedTexts } from '../../core/authoring/import/importTexts';
import { IMPORT_SCHEME } from '../ids';
import { plain, sayInformation } from '../services/say';

const APPLY = later`Apply Import`;

/** Shows what an import would make of a file beside what it is, with its notes above; true when the person wants it so. */
export async function previewImport(document: vscode.TextDocument, imported: ImportedTexts): Promise<boolean> {
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  const preview = vscode.Uri.from({ scheme: IMPORT_SCHEME, path: `/${name}`, query: document.uri.toString() });
  const provider = vscode.workspace.registerTextDocumentContentProvider(IMPORT_SCHEME, {
    provideTextDocumentContent: () => previewText(imported),
  });
  try {
    await vscode.commands.executeCommand('vscode.diff', document.uri, preview, plain(`${name} (now ↔ imported)`), {
      preview: true,
    });
    const notes =
      imported.notes.length === 0 ? '' : say` ${count(imported.notes.length, 'note')} at the top of the preview.`;
    const answer = await sayInformation(say`The import takes over ${count(imported.done.length, 'thing')}.${notes}`, {
      choices: [said(APPLY), say`Discard`],
    });
    return answer === said(APPLY);
  } finally {
    await closePreview(preview);
    provider.dispose();
  }
}

/** Notes are comments above the text, which do not come into the file. */
function previewText({ notes, text }: ImportedTexts): string {
  if (notes.length === 0) return text;
  const lines = notes.map((note) => `#   • ${printableLine(note)}`);
  return [say`# Notes of the import, which do not come into the file:`, ...lines, '', text].join('\n');
}

async function closePreview(preview: vscode.Uri): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === preview.toString(),
    );
  await vscode.window.tabGroups.close(tabs);
}
