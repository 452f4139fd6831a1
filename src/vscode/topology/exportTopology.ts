import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { ExportFormat, ExportMessage } from '../../contract/messages';
import { mermaid } from '../../core/topology/mermaid';
import type { StoredCluster } from '../clusters/clusterStore';
import { plain, sayInformation } from '../services/say';

const FILES: Readonly<Record<ExportFormat, { readonly extension: string; readonly name: string }>> = {
  svg: { extension: 'svg', name: later`SVG picture` },
  png: { extension: 'png', name: later`PNG picture` },
  mermaid: { extension: 'mmd', name: later`Mermaid diagram` },
};

/** Saves the picture where the person says, or puts its text on the clipboard. */
export async function exportTopology(state: StoredCluster, { format, to, content }: ExportMessage): Promise<void> {
  const text = format === 'mermaid' ? mermaid(state.cluster) : content;
  if (text === undefined) return;
  if (to === 'clipboard') {
    await vscode.env.clipboard.writeText(format === 'mermaid' ? `\`\`\`mermaid\n${text}\`\`\`\n` : text);
    void sayInformation(
      format === 'mermaid'
        ? say`The diagram is on the clipboard as Mermaid text: paste it into a README.`
        : say`The picture is on the clipboard as SVG text.`,
    );
    return;
  }
  const { extension, name } = FILES[format];
  // A name proposes the file, never the folder.
  const base = state.cluster.name === '' ? 'topology' : `${plain(state.cluster.name).replace(/[/\\:]/g, '-')}-topology`;
  const target = await vscode.window.showSaveDialog({
    title: say`Export the Picture`,
    defaultUri: vscode.Uri.joinPath(state.uri, '..', `${base}.${extension}`),
    filters: { [said(name)]: [extension] },
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(
    target,
    format === 'png'
      ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
      : new TextEncoder().encode(text),
  );
  void sayInformation(say`The picture is in ${vscode.workspace.asRelativePath(target)}.`);
}
