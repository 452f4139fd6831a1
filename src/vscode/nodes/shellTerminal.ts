import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { formatProblem } from '../../core/base/problem';
import type { ClusterNode } from '../../core/cluster/cluster';
import { target } from '../../engine/hosts/targets';
import type { RemoteShell, TerminalSize } from '../../engine/ports';
import { plain } from '../services/say';
import type { MachineSession } from './machineSession';

/** A terminal of the editor with a shell on a machine, over a connection of its own that ends with it. */
export function openShellTerminal(node: ClusterNode, { session }: MachineSession): vscode.Terminal {
  const written = new vscode.EventEmitter<string>();
  const closed = new vscode.EventEmitter<number | void>();
  const given = new AbortController();
  let shell: RemoteShell | undefined;
  let over = false;
  let size: TerminalSize = { columns: 80, rows: 24 };
  const show = (text: string): void => written.fire(text.replaceAll('\n', '\r\n'));
  const end = async (code: number | undefined, words?: string): Promise<void> => {
    over = true;
    await session.hosts.dispose();
    // A terminal that closes at once would take its last words with it.
    if (words !== undefined) show(say`\n${words}\n\nPress a key to close this terminal.\n`);
    else closed.fire(code);
  };
  const connect = async (): Promise<void> => {
    show(say`Connecting to ${plain(node.id)} …\n`);
    const opened = await session.hosts.openShell(target(node), {
      size,
      onData: (text) => written.fire(text),
      signal: given.signal,
    });
    if (!opened.ok) return end(1, formatProblem(opened.error));
    shell = opened.value;
    if (given.signal.aborted) shell.close();
    else shell.resize(size);
    const ended = await shell.ended;
    await (ended.kind === 'lost' ? end(1, formatProblem(ended.problem)) : end(ended.exitCode));
  };
  const pty: vscode.Pseudoterminal = {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open(dimensions) {
      size = dimensions ?? size;
      void connect();
    },
    close() {
      given.abort();
      shell?.close();
      if (!over) void session.hosts.dispose();
    },
    handleInput(data) {
      if (over) closed.fire(1);
      else shell?.write(data);
    },
    setDimensions(dimensions) {
      size = dimensions;
      shell?.resize(dimensions);
    },
  };
  return vscode.window.createTerminal({ name: plain(node.id), iconPath: new vscode.ThemeIcon('remote'), pty });
}
