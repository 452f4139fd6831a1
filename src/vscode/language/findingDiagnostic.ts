import * as vscode from 'vscode';
import { visibleRange } from '../../core/language/visibleRange';
import type { ClusterDocument } from '../../core/document/clusterDocument';
import type { Finding } from '../../core/rules/rule';
import { plain } from '../services/say';
import { toRange, toSeverity } from './convert';

/** Who found it, and the folder of the documentation with a page for each id. */
export interface FindingSource {
  readonly name: string;
  readonly pages: vscode.Uri;
}

/** A finding of machines as VS Code shows it: at the line of the file that it is about, with a link to its page. */
export function findingDiagnostic(
  document: vscode.TextDocument,
  parsed: ClusterDocument,
  { path, part, message, severity, ruleId }: Finding,
  { name, pages }: FindingSource,
): vscode.Diagnostic {
  const range = toRange(document, visibleRange(parsed, path, part));
  const result = new vscode.Diagnostic(range, plain(message), toSeverity(severity));
  result.source = name;
  result.code = { value: ruleId, target: vscode.Uri.joinPath(pages, `${ruleId}.md`) };
  return result;
}
