import * as vscode from 'vscode';
import { importInSteps, type ImportedCommands } from '../../core/importing/importCommands';
import { looksLikeInstallCommand } from '../../core/importing/installCommands';
import type { Documents } from '../services/documents';
import type { SecretVault } from '../services/secrets';
import { inSlices } from '../services/slices';
import { storeNewSecrets } from '../services/storeSecrets';
import { toWorkspaceEdit } from './convert';
import { selector } from './selector';

const KIND = vscode.DocumentDropOrPasteEditKind.Text.append('k3s-ha', 'installCommand');

/** An install command of a tutorial that is pasted becomes the matching lines; the paste menu still offers the plain text. */
export function registerPaste(documents: Documents, vault: SecretVault): vscode.Disposable {
  const offered = new WeakMap<vscode.DocumentPasteEdit, ImportedCommands>();
  return vscode.languages.registerDocumentPasteEditProvider(selector(), {
    async provideDocumentPasteEdits(document, ranges, data, _context, cancel) {
      const text = await data.get('text/plain')?.asString();
      if (text === undefined || ranges.some((range) => !range.isEmpty) || !looksLikeInstallCommand(text)) return undefined;
      const imported = await inSlices(importInSteps(await documents.read(document), text), () => cancel.isCancellationRequested);
      if (imported === undefined || imported.edits.length === 0) return undefined;
      const edit = new vscode.DocumentPasteEdit('', 'Import install command', KIND);
      offered.set(edit, imported);
      edit.additionalEdit = toWorkspaceEdit(document, imported.edits);
      return [edit];
    },
    async resolveDocumentPasteEdit(edit) {
      const imported = offered.get(edit);
      if (imported !== undefined) await storeNewSecrets(vault, imported.storeSecrets);
      const notes = imported?.notes ?? [];
      if (notes.length > 0) void vscode.window.showWarningMessage(notes.join(' '));
      return edit;
    },
  }, { providedPasteEditKinds: [KIND], pasteMimeTypes: ['text/plain'] });
}
