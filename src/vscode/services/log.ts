import * as vscode from 'vscode';
import type { Log } from '../../engine/ports';

/** The "K3s HA" channel; VS Code keeps its level, timestamps and file. */
export interface LogChannel extends Log, vscode.Disposable {
  show(): void;
}

export function createLog(): LogChannel {
  const channel = vscode.window.createOutputChannel('K3s HA', { log: true });
  return {
    trace: (message) => channel.trace(message),
    debug: (message) => channel.debug(message),
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    error: (message) => channel.error(message),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
