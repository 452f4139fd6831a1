import { say } from '../../core/base/say';
import { askText, sayWarning } from './say';

/** Asks for the value of a secret of a cluster file; `refused`: a host did not take the last one. Undefined: not answered. */
export function askSecretValue(name: string, refused: boolean): Thenable<string | undefined> {
  return askText({
    title: say`Secret "${name}"`,
    prompt: refused
      ? say`The value of \${secret:${name}} was refused by a host. Type the right one; it replaces the stored one when it has worked.`
      : say`The cluster file refers to \${secret:${name}}. When it has worked, it is kept in VS Code's secret storage, for this file only.`,
    password: true,
    ignoreFocusOut: true,
  });
}

/** Says that secrets cannot be kept. */
export function tellNoKeyring(): void {
  void sayWarning(
    say`This system has no keyring that VS Code can use. Secrets are kept until the window closes and will be asked for again.`,
  );
}
