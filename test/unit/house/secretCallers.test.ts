import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');

/** Files of src in which a pattern occurs, without their folder `src/`. */
function filesWith(pattern: RegExp): string[] {
  return globSync('src/**/*.ts', { cwd: ROOT })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => pattern.test(readFileSync(join(ROOT, file), 'utf8')))
    .map((file) => file.slice('src/'.length))
    .sort();
}

/**
 * Everything of this machine that can reach a host passes `engine/secrets/secretDoor.ts`. A new caller below is a new way out:
 * let it ask the door, then add it here.
 */
describe('the one door for secrets', () => {
  it.each<[what: string, pattern: RegExp, callers: readonly string[]]>([
    [
      'makes a source of secrets, environment variables and files',
      /\bcreateCliSecrets\(/,
      ['adapters/secrets/cliSecrets.ts', 'cli/session.ts', 'vscode/compose.ts'],
    ],
    [
      'makes a source of what the editor has stored',
      /\beditorSecrets\(/,
      ['vscode/compose.ts', 'vscode/services/editorSecrets.ts'],
    ],
    [
      'puts a source behind the door',
      /\bcreateSecretDoor\(/,
      ['cli/session.ts', 'engine/secrets/secretDoor.ts', 'vscode/compose.ts'],
    ],
    [
      'asks a source for values',
      /\b(?:source|other|secrets)\.resolve\(/,
      [
        'adapters/ssh/vault.ts',
        'engine/secrets/resolveSecrets.ts',
        'engine/secrets/secretDoor.ts',
        'vscode/services/editorSecrets.ts',
      ],
    ],
    [
      'opens connections',
      /\bcreateSshHosts\(/,
      ['adapters/ssh/hosts.ts', 'cli/importSession.ts', 'cli/session.ts', 'vscode/compose.ts'],
    ],
    [
      'opens them for a person, without a cluster file that could name anything of this machine',
      /\btakenSecrets\(/,
      ['cli/commands/import.ts', 'engine/adopt/takenSecrets.ts', 'vscode/commands/importRunning.ts'],
    ],
    ['reads the secret storage', /\bcontext\.secrets\b/, ['vscode/compose.ts', 'vscode/composeInBrowser.ts']],
    [
      'knows the secrets of a file',
      /\.of(?:File)?\((?:uri|file|state\.uri|document\.uri|editor\.document\.uri|argumentUri)\)/,
      [
        'vscode/commands/applyFix.ts',
        'vscode/commands/importCommand.ts',
        'vscode/commands/importRunning.ts',
        'vscode/commands/manageSecrets.ts',
        'vscode/commands/newCluster.ts',
        'vscode/compose.ts',
        'vscode/language/paste.ts',
        'vscode/language/providers.ts',
        'vscode/operations/newToken.ts',
        'vscode/topology/changes.ts',
      ],
    ],
    [
      'reads a file that holds a secret',
      /\breadPrivateFile\(/,
      ['adapters/secrets/addSecrets.ts', 'adapters/secrets/cliSecrets.ts', 'adapters/secrets/privateFile.ts'],
    ],
    [
      'reads an install script of this machine',
      /\breadScriptFile\(/,
      ['adapters/files/scriptFile.ts', 'adapters/system/installScripts.ts'],
    ],
    ['may read one', /\bscripts\.read\(/, ['engine/planning/installScript.ts']],
    ['reads identity files', /\bidentities\.read\(/, ['adapters/ssh/authentication.ts']],
    [
      'uses a password or passphrase of the cluster file',
      /\bhop\.(?:password|passphrase|sudoPassword)\b/,
      ['adapters/ssh/authentication.ts', 'adapters/ssh/elevation.ts', 'adapters/ssh/identities.ts'],
    ],
  ])('only known places: who %s', (_what, pattern, callers) => {
    expect(filesWith(pattern)).toEqual(callers);
  });
});
