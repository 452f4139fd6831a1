import * as vscode from 'vscode';
import { printable } from '../../core/base/printable';
import type { Log } from '../../engine/ports';

/** The "K3s HA" channel; VS Code keeps its level, timestamps and file. */
export interface LogChannel extends Log, vscode.Disposable {
  show(): void;
}

export function createLog(): LogChannel {
  const channel = vscode.window.createOutputChannel('K3s HA', { log: true });
  return {
    trace: (message) => channel.trace(shown(message)),
    debug: (message) => channel.debug(shown(message)),
    info: (message) => channel.info(shown(message)),
    warn: (message) => channel.warn(shown(message)),
    error: (message) => channel.error(shown(message)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}

/** What hosts and answers say is in many messages. */
function shown(message: string): string {
  return printable(message, { lines: true });
}
