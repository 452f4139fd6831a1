import { problem, type Problem } from '../../core/base/problem';
import { shellWord } from '../../core/remote/shell';
import type { Hop } from './hops';
import { nameOf } from './hostKeyVerdict';
import type { KnownHost } from './knownHosts';

/** The key that a server shows. */
export interface ShownKey {
  readonly keyType: string;
  /** `SHA256:…` as OpenSSH prints it. */
  readonly fingerprint: string;
}

export function changedProblem(hop: Hop, known: readonly KnownHost[], { keyType, fingerprint }: ShownKey): Problem {
  const entry = known.find((candidate) => candidate.keyType === keyType) ?? known[0];
  const place = entry === undefined ? '' : `${entry.file}:${entry.line}`;
  const difference =
    entry?.keyType === keyType ? `has a different ${keyType} key` : `has a ${entry?.keyType ?? ''} key`;
  return problem('ssh-host-key-changed', `The host key of ${hop.label} has changed, so nothing was sent to it.`, {
    why: `The server shows ${keyType} ${fingerprint}, but ${place} ${difference} for it. The machine was installed anew, its address now belongs to another machine, or somebody is intercepting the connection.`,
    nextSteps: [
      `Find out on the machine's own console whether the new key is its key: ${printFingerprint(keyType)}.`,
      `If it is, remove the old key: \`ssh-keygen -R ${shellWord(nameOf(hop))} -f ${shellWord(entry?.file ?? '')}\`, then connect again.`,
    ],
  });
}

/** `place` is the file, or file and line, that revokes the key. */
export function revokedProblem(hop: Hop, place: string, { keyType, fingerprint }: ShownKey): Problem {
  return problem(
    'ssh-host-key-revoked',
    `The host key of ${hop.label} is marked as revoked, so nothing was sent to it.`,
    {
      why: `${place} revokes ${keyType} ${fingerprint}.`,
      nextSteps: ['Give the host new host keys, or ask whoever maintains that file why the key was revoked.'],
    },
  );
}

export function rejectedProblem(hop: Hop, { keyType, fingerprint }: ShownKey, why: string): Problem {
  return problem('ssh-host-key-rejected', `The host key of ${hop.label} is not trusted, so nothing was sent to it.`, {
    why: `${why} The server shows ${keyType} ${fingerprint}.`,
    nextSteps: [
      `Compare the fingerprint with the one that the machine itself prints: ${printFingerprint(keyType)}.`,
      'Connect again and accept the key, or add it to known_hosts.',
    ],
  });
}

function printFingerprint(keyType: string): string {
  const short = keyType.includes('ed25519') ? 'ed25519' : keyType.includes('ecdsa') ? 'ecdsa' : 'rsa';
  return `\`ssh-keygen -lf ${shellWord(`/etc/ssh/ssh_host_${short}_key.pub`)}\``;
}
