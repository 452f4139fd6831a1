import { later, said } from '../../core/base/say';
import type * as vscode from 'vscode';
import { commandLink, paragraphs } from '../../core/base/markdown';
import type { ExplorerRow, RowLink } from '../../views/explorerRow';
import { COMMANDS, type CommandId } from '../ids';
import { markdownString } from '../services/say';

const LINKS: Readonly<Record<RowLink, readonly [title: string, command: CommandId]>> = {
  reveal: [later`Reveal in File`, COMMANDS.revealNode],
  topology: [later`Show Topology`, COMMANDS.showTopology],
  plan: [later`Preview Plan`, COMMANDS.previewPlan],
  refresh: [later`Refresh`, COMMANDS.refresh],
  provision: [later`Provision Cluster`, COMMANDS.provision],
  kubeconfig: [later`Merge Kubeconfig`, COMMANDS.mergeKubeconfig],
  history: [later`Show History`, COMMANDS.showHistory],
};

/**
 * All that is known of a row, and below it what can be done about it. Text of others stands in it escaped, and only the
 * commands that are written here may run: each shows something, or asks before it does anything.
 */
export function rowCard(uri: vscode.Uri, { id, path, tooltip, links = [] }: ExplorerRow): vscode.MarkdownString {
  const argument = { uri: uri.toString(), row: { id }, path: path ?? [] };
  const offered = links.map((link) => commandLink(said(LINKS[link][0]), LINKS[link][1], argument).markdown).join(' · ');
  return markdownString(
    paragraphs([tooltip, { markdown: offered }]),
    links.map((link) => LINKS[link][1]),
  );
}
