import * as vscode from 'vscode';
import { codeLenses, type CodeLens } from '../../core/language/codeLenses';
import { inlayHints } from '../../core/language/inlayHints';
import { normalise } from '../../core/spec/normalise';
import { COMMANDS, type CommandId } from '../ids';
import { toOffsets, toRange } from './convert';
import type { Parsed } from './parsed';
import { selector } from './selector';

const COMMAND_OF: Readonly<Record<CodeLens['action'], CommandId>> = { topology: COMMANDS.showTopology, previewPlan: COMMANDS.previewPlan, provision: COMMANDS.provision };

/** What follows from the file and is not written in it: hints at the end of lines, the verdict above the first one. */
export function registerHints(parsed: Parsed): vscode.Disposable {
  const documents = selector();
  return vscode.Disposable.from(
    vscode.languages.registerInlayHintsProvider(documents, {
      provideInlayHints: (document, range) => {
        const read = parsed(document);
        return inlayHints(read, normalise(read.data), toOffsets(document, range)).map(({ offset, text, tooltip }) => {
          const hint = new vscode.InlayHint(document.positionAt(offset), text);
          hint.paddingLeft = true;
          hint.tooltip = tooltip;
          return hint;
        });
      },
    }),
    vscode.languages.registerCodeLensProvider(documents, {
      provideCodeLenses: (document) => {
        const read = parsed(document);
        return codeLenses(read, normalise(read.data)).map(({ range, title, action }) => new vscode.CodeLens(toRange(document, range), { title, command: COMMAND_OF[action], arguments: [document.uri] }));
      },
    }),
  );
}
