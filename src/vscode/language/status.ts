import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { languageStatus, type LanguageStatus } from '../../core/language/status';
import { COMMANDS } from '../ids';
import type { Diagnostics } from './diagnostics';
import { plain } from '../services/say';
import { selector } from './selector';

const SEVERITY: Readonly<Record<LanguageStatus['severity'], vscode.LanguageStatusSeverity>> = {
  error: vscode.LanguageStatusSeverity.Error,
  warning: vscode.LanguageStatusSeverity.Warning,
  info: vscode.LanguageStatusSeverity.Information,
};

/** The file in one line behind the braces of the status bar, as it was checked last. */
export function registerLanguageStatus(diagnostics: Diagnostics): vscode.Disposable {
  const item = vscode.languages.createLanguageStatusItem('k3s-ha.cluster', selector());
  item.name = 'K3s HA';
  item.text = 'K3s HA';
  item.command = { title: say`Show Topology`, command: COMMANDS.showTopology };
  const shown = new WeakMap<vscode.TextDocument, LanguageStatus>();
  const show = (document: vscode.TextDocument | undefined): void => {
    const status = document === undefined ? undefined : shown.get(document);
    if (status === undefined) return;
    item.text = plain(status.text);
    item.detail = plain(status.detail);
    item.severity = SEVERITY[status.severity];
  };
  return vscode.Disposable.from(
    item,
    vscode.window.onDidChangeActiveTextEditor((editor) => show(editor?.document)),
    diagnostics.onDidCheck(({ document, inspection }) => {
      shown.set(document, languageStatus(inspection));
      if (document === vscode.window.activeTextEditor?.document) show(document);
    }),
  );
}
