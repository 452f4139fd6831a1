import { say } from '../../core/base/say';
import { count } from '../../core/base/words';
import * as vscode from 'vscode';
import type { ImportedTexts } from '../../core/authoring/import/importTexts';
import { loadImports } from '../lazyImports';
import type { SecretVault } from '../services/secretVault';
import { storeSecrets } from '../services/storeSecrets';
import { inSlices } from '../services/slices';
import { toWorkspaceEdit } from './convert';
import { selector } from './selector';
import { sayWarning } from '../services/say';

const KIND = vscode.DocumentDropOrPasteEditKind.Text.append('k3s-ha', 'installCommand');

/** Words without which no text sets up K3s; the longest text that is looked at, in characters. */
const WORTH_A_LOOK =
  /k3s|k0sctl|#cloud-config|write_files|^\[(?:k3s_)?(?:master|server)s?\]|^\s*(?:server|master)s?:\s*$/im;
const LONGEST = 20_000;

/** An install command of a tutorial that is pasted becomes the matching lines; the paste menu still offers the plain text. */
export function registerPaste(vault: SecretVault): vscode.Disposable {
  const offered = new WeakMap<
    vscode.DocumentPasteEdit,
    { readonly imported: ImportedTexts; readonly uri: vscode.Uri }
  >();
  return vscode.languages.registerDocumentPasteEditProvider(
    selector(),
    {
      async provideDocumentPasteEdits(document, ranges, data, _context, cancel) {
        const text = await data.get('text/plain')?.asString();
        if (text === undefined || ranges.some((range) => !range.isEmpty)) return undefined;
        if (text.length >= LONGEST) return tellTooLong(text);
        if (!WORTH_A_LOOK.test(text) || !loadImports().looksLikeInstallCommand(text)) return undefined;
        const imported = await inSlices(
          loadImports().importTexts(document.getText(), [{ text }]),
          () => cancel.isCancellationRequested,
        );
        if (imported === undefined || imported.edits.length === 0) return undefined;
        const edit = new vscode.DocumentPasteEdit('', say`Import install command`, KIND);
        offered.set(edit, { imported, uri: document.uri });
        edit.additionalEdit = toWorkspaceEdit(document, imported.edits);
        return [edit];
      },
      async resolveDocumentPasteEdit(edit) {
        const found = offered.get(edit);
        if (found === undefined) return edit;
        const { imported, uri } = found;
        if (!(await storeSecrets(vault.of(uri), imported.storeSecrets)))
          edit.additionalEdit = new vscode.WorkspaceEdit();
        void tellNotes(imported.notes);
        return edit;
      },
    },
    { providedPasteEditKinds: [KIND], pasteMimeTypes: ['text/plain'] },
  );
}

/** A message has room for one note; several are shown whole when the person asks for them. */
async function tellNotes(notes: readonly string[]): Promise<void> {
  const [first, ...others] = notes;
  if (first === undefined) return;
  if (others.length === 0) return void sayWarning(first);
  const show = say`Show Notes`;
  const summary = say`The pasted text was taken over, and there is more to know: ${count(notes.length, 'note')}.`;
  if ((await sayWarning(summary, { choices: [show] })) === show)
    await sayWarning(summary, { detail: notes.map((note) => `• ${note}`).join('\n\n') });
}

/** A long text is pasted as it is; if it looks like what is imported otherwise, the person is told how it is. */
function tellTooLong(text: string): undefined {
  const start = text.slice(0, LONGEST);
  if (WORTH_A_LOOK.test(start) && !/^apiVersion:[ \t]*k3s-ha\//m.test(start))
    void sayWarning(
      say`The pasted text has ${text.length} characters, and ${LONGEST} are the most that a paste looks at. To carry over what it sets up, run K3s HA: Import Commands and Files.`,
    );
  return undefined;
}
