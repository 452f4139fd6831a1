import { say } from '../../core/base/say';
import { manifestFault } from '../../core/k3s/manifest';
import { registrySecrets } from '../../core/k3s/registries';
import { readRegistriesFile } from '../../core/language/registriesFile';
import { fault, type Fault } from './fault';
import type { LocalFile, WantedFile } from './localFile';

/** What is wrong with the content of a file for what it is to be on the hosts; certificates are looked at together. */
export function contentFault({ kind, mode }: WantedFile, { text }: LocalFile): Fault | undefined {
  switch (kind) {
    case 'manifest': {
      const found = text === undefined ? say`It is no text in UTF-8.` : manifestFault(text);
      return found === undefined ? undefined : fault(found, say`Correct the manifest, or take it out of manifests.`);
    }
    case 'registries': {
      const { problems } = readRegistriesFile(text ?? '');
      return problems.length === 0
        ? undefined
        : fault(problems.join(' '), say`Correct the file: K3s would stop, or go to the registry itself.`);
    }
    case 'hook':
      return hookFault(text);
    case 'file':
      return isOpenKey(mode, text)
        ? fault(
            say`It holds a private key, and with the mode ${mode} other users of the hosts could read it.`,
            say`Write mode: '0600', and the owner who needs it.`,
          )
        : undefined;
    default:
      return undefined;
  }
}

/** What the kernel would make of the first line of a script; a program has none. https://man7.org/linux/man-pages/man2/execve.2.html */
function hookFault(text: string | undefined): Fault | undefined {
  if (text === undefined) return undefined;
  const [first = ''] = text.split('\n');
  if (!first.startsWith('#!'))
    return fault(
      say`It does not begin with #!, so nothing says which program reads it.`,
      say`Write a first line such as #!/bin/sh.`,
    );
  return first.endsWith('\r')
    ? fault(
        say`Its lines end as on Windows, and the program of its first line would not be found.`,
        say`Save it with LF.`,
      )
    : undefined;
}

function isOpenKey(mode: string, text: string | undefined): boolean {
  return (Number.parseInt(mode, 8) & 0o077) !== 0 && /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(text ?? '');
}

/** Secrets of a file that may turn up in what hosts say. */
export function secretsIn({ kind }: WantedFile, file: LocalFile | undefined): readonly string[] {
  return kind === 'registries' ? registrySecrets(readRegistriesFile(file?.text ?? '').data) : [];
}
