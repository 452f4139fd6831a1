import * as vscode from 'vscode';
import type { ExportFormat, ExportMessage } from '../../contract/messages';
import { mermaid } from '../../core/topology/mermaid';
import type { StoredCluster } from '../clusters/clusterStore';
import { plain, sayInformation } from '../services/say';

const FILES: Readonly<Record<ExportFormat, { readonly extension: string; readonly name: string }>> = {
  svg: { extension: 'svg', name: 'SVG picture' },
  png: { extension: 'png', name: 'PNG picture' },
  mermaid: { extension: 'mmd', name: 'Mermaid diagram' },
};

/** Saves the picture where the person says, or puts its text on the clipboard. */
export async function exportTopology(state: StoredCluster, { format, to, content }: ExportMessage): Promise<void> {
  const text = format === 'mermaid' ? mermaid(state.cluster) : content;
  if (text === undefined) return;
  if (to === 'clipboard') {
    await vscode.env.clipboard.writeText(format === 'mermaid' ? `\`\`\`mermaid\n${text}\`\`\`\n` : text);
    void sayInformation(
      format === 'mermaid'
        ? 'The diagram is on the clipboard as Mermaid text: paste it into a README.'
        : 'The picture is on the clipboard as SVG text.',
    );
    return;
  }
  const { extension, name } = FILES[format];
  // A name proposes the file, never the folder.
  const base = state.cluster.name === '' ? 'topology' : `${plain(state.cluster.name).replace(/[/\\:]/g, '-')}-topology`;
  const target = await vscode.window.showSaveDialog({
    title: 'Export the Picture',
    defaultUri: vscode.Uri.joinPath(state.uri, '..', `${base}.${extension}`),
    filters: { [name]: [extension] },
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(
    target,
    format === 'png' ? Uint8Array.from(atob(text), (character) => character.charCodeAt(0)) : new TextEncoder().encode(text),
  );
  void sayInformation(`The picture is in ${vscode.workspace.asRelativePath(target)}.`);
}
