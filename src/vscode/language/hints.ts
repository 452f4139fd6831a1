import * as vscode from 'vscode';
import { codeLenses, type CodeLens } from '../../core/language/codeLenses';
import { inlayHints } from '../../core/language/inlayHints';
import { normalise } from '../../core/cluster/normalise';
import { COMMANDS, LANGUAGE_ID, type CommandId } from '../ids';
import type { Documents } from '../services/documents';
import { toOffsets, toRange } from './convert';
import { plain } from '../services/say';
import { selector } from './selector';

const COMMAND_OF: Readonly<Record<Exclude<CodeLens['action'], 'start'>, CommandId>> = {
  topology: COMMANDS.showTopology,
  previewPlan: COMMANDS.previewPlan,
  provision: COMMANDS.provision,
  upgrade: COMMANDS.upgrade,
  import: COMMANDS.importCommand,
};

/** A starter comes from the snippets of the language, with its tab stops. */
function commandOf({ title, action, starter }: CodeLens, uri: vscode.Uri): vscode.Command {
  return action === 'start'
    ? {
        title: plain(title),
        command: 'editor.action.insertSnippet',
        arguments: [{ langId: LANGUAGE_ID, name: starter }],
      }
    : { title: plain(title), command: COMMAND_OF[action], arguments: [uri] };
}

/** What follows from the file and is not written in it: hints at the end of lines, the verdict above the first one. */
export function registerHints(documents: Documents): vscode.Disposable {
  const served = selector();
  return vscode.Disposable.from(
    vscode.languages.registerInlayHintsProvider(served, {
      provideInlayHints: async (document, range) => {
        const read = await documents.read(document);
        return inlayHints(read, normalise(read.data), toOffsets(document, range)).map(({ offset, text, tooltip }) => {
          const hint = new vscode.InlayHint(document.positionAt(offset), plain(text));
          hint.paddingLeft = true;
          hint.tooltip = plain(tooltip);
          return hint;
        });
      },
    }),
    vscode.languages.registerCodeLensProvider(served, {
      provideCodeLenses: async (document) => {
        const read = await documents.read(document);
        return codeLenses(read, normalise(read.data)).map(
          (lens) => new vscode.CodeLens(toRange(document, lens.range), commandOf(lens, document.uri)),
        );
      },
    }),
  );
}
