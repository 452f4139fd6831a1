import * as vscode from 'vscode';
import type { Markdown } from '../../core/base/markdown';
import { printable, printableLine } from '../../core/base/printable';

/**
 * The one way in which the shell shows text: nothing in it acts, whoever wrote it. The editor makes links, also ones
 * that run commands, of `[text](command:…)` in its messages, and icons of `$(name)` in many labels.
 * https://code.visualstudio.com/api/references/icons-in-labels
 */
export function plain(text: string): string {
  return inert(printableLine(text));
}

/** {@link plain} for texts of several lines. */
function plainLines(text: string): string {
  return inert(printable(text, { lines: true }));
}

function inert(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}

/** Markdown for a tooltip or a hover: without HTML, and no link in it may run a command but those that are named. */
export function markdownString({ markdown }: Markdown, commands: readonly string[] = []): vscode.MarkdownString {
  const text = new vscode.MarkdownString(markdown);
  if (commands.length > 0) text.isTrusted = { enabledCommands: commands };
  return text;
}

/** What a message offers beside its text. */
export interface MessageOptions {
  /** Buttons; the answer is the one that was chosen. */
  readonly choices?: readonly string[];
  /** Asks in a dialog that has to be answered, with more lines below the message. */
  readonly detail?: string;
}

type Show = (message: string, options: vscode.MessageOptions, ...choices: string[]) => Thenable<string | undefined>;

function shownBy(show: Show): (message: string, options?: MessageOptions) => Thenable<string | undefined> {
  return (message, { choices = [], detail } = {}) =>
    show(plain(message), detail === undefined ? {} : { modal: true, detail: plainLines(detail) }, ...choices);
}

/** Shows a message; resolves with the chosen button, or undefined. */
export const sayInformation = shownBy((...message) => vscode.window.showInformationMessage(...message));

/** {@link sayInformation} as a warning. */
export const sayWarning = shownBy((...message) => vscode.window.showWarningMessage(...message));

/** {@link sayInformation} as an error. */
export const sayError = shownBy((...message) => vscode.window.showErrorMessage(...message));

/** Asks for a line of text; undefined when the person gives up. */
export function askText(options: vscode.InputBoxOptions): Thenable<string | undefined> {
  const check = options.validateInput?.bind(options);
  return vscode.window.showInputBox({
    ...options,
    ...(options.title === undefined ? {} : { title: plain(options.title) }),
    ...(options.prompt === undefined ? {} : { prompt: plain(options.prompt) }),
    ...(check === undefined
      ? {}
      : {
          validateInput: async (text: string) => {
            const found = await check(text);
            return typeof found === 'string' ? plain(found) : found;
          },
        }),
  });
}

/** Something to choose. */
export interface Choice {
  readonly label: string;
  /** Name of a codicon before the label. */
  readonly icon?: string;
  /** Less prominent, behind the label. */
  readonly description?: string;
  /** A second line. */
  readonly detail?: string;
}

/** Lets the person choose; the answer is the item itself. */
export async function choose<T extends Choice>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<T | undefined> {
  return (await vscode.window.showQuickPick(items.map(shownChoice), titled(options)))?.item;
}

/** Lets the person choose any of them, none included; undefined when they give up. */
export async function chooseSome<T extends Choice & { readonly picked?: boolean }>(
  items: readonly T[],
  options: vscode.QuickPickOptions,
): Promise<readonly T[] | undefined> {
  const shown = items.map((item) => ({ ...shownChoice(item), picked: item.picked === true }));
  return (await vscode.window.showQuickPick(shown, { ...titled(options), canPickMany: true }))?.map(({ item }) => item);
}

function shownChoice<T extends Choice>(item: T): vscode.QuickPickItem & { readonly item: T } {
  return {
    label: `${item.icon === undefined ? '' : `$(${item.icon}) `}${plain(item.label)}`,
    ...(item.description === undefined ? {} : { description: plain(item.description) }),
    ...(item.detail === undefined ? {} : { detail: plain(item.detail) }),
    item,
  };
}

function titled(options: vscode.QuickPickOptions): vscode.QuickPickOptions {
  return options.title === undefined ? options : { ...options, title: plain(options.title) };
}

/** What a task tells while it goes on. */
export type TellProgress = (message: string, increment: number) => void;

export interface ProgressOptions {
  /** The task looks at its signal. */
  readonly cancellable: boolean;
  /** In the status bar instead of a message. */
  readonly small?: boolean;
}

/** Shows that a task goes on. */
export function withProgress<T>(
  title: string,
  { cancellable, small = false }: ProgressOptions,
  task: (tell: TellProgress, signal: AbortSignal) => Promise<T>,
): Thenable<T> {
  const location = small ? vscode.ProgressLocation.Window : vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title: plain(title), cancellable }, (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    return task((message, increment) => progress.report({ message: plain(message), increment }), controller.signal);
  });
}
