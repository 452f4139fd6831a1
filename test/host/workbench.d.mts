import type { Page } from 'playwright-core';

export interface OpenWorkbench {
  readonly page: Page;
  /** The opened folder: a copy of the workspace, gone after `close()`. */
  readonly folder: string;
  /** Of VS Code. */
  readonly version: string;
  close(): Promise<void>;
  keepArtifacts(name: string): Promise<string>;
}

export interface WorkbenchOptions {
  readonly hostName?: 'floor' | 'newest';
  /** The package to install. */
  readonly vsix: string;
  /** Folder to open a copy of; an empty folder of that name is opened when it does not exist. */
  readonly workspace: string;
  /** User settings on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Default: true. Otherwise a workspace is untrusted until the person trusts it. */
  readonly trustsEverything?: boolean;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

export function openWorkbench(options: WorkbenchOptions): Promise<OpenWorkbench>;
