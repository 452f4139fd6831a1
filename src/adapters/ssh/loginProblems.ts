import { problem, type Problem } from '../../core/base/problem';
import type { OfferedKey } from './agent';
import type { Hop } from './hops';

/** A key that could not be used at all explains more than "permission denied", so its code wins. */
export function authFailed(
  hop: Hop,
  offered: readonly string[],
  tried: readonly string[],
  problems: readonly Problem[],
): Problem {
  const decisive =
    problems.find((candidate) => candidate.code === 'ssh-passphrase-wrong') ??
    problems.find((candidate) => candidate.code === 'ssh-key-unreadable') ??
    (tried.length === 0 ? problems[0] : undefined);
  const why = [
    tried.length === 0 ? 'No key or password was available to try.' : `Tried: ${tried.join(', ')}.`,
    offered.length === 0 ? '' : `The host accepts: ${offered.join(', ')}.`,
    ...problems.map(inOneLine),
  ]
    .filter((text) => text !== '')
    .join(' ');
  return problem(
    decisive?.code ?? 'ssh-auth-failed',
    `Cannot log in to ${hop.label}${decisive === undefined ? ': the host refused every key and password that was tried.' : `. ${decisive.message}`}`,
    {
      why,
      nextSteps: [
        ...problems.flatMap((candidate) => candidate.nextSteps),
        `Check the user name "${hop.user}", and that its authorized_keys on the host holds your public key (\`ssh-copy-id\` puts it there).`,
        'Name the key as `ssh.identityFile`, or set `ssh.password` to a secret reference.',
      ],
    },
  );
}

function inOneLine({ message, why }: Problem): string {
  return why === undefined ? message : `${message} ${why}`;
}

export function unusableAgentKey({ type, comment }: { readonly type: string; readonly comment: string }): Problem {
  const kind = type.includes('-cert-')
    ? 'an SSH certificate'
    : type.startsWith('sk-')
      ? 'a hardware security key (FIDO)'
      : `of type ${type}`;
  return problem('ssh-key-unsupported', `The agent key ${comment || type} is ${kind}, which is not supported here.`, {
    nextSteps: ['Add a plain Ed25519 key to the agent and to authorized_keys of the host.'],
  });
}

export function notAccepted({ key, name }: OfferedKey): Problem {
  return problem(
    'ssh-key-unsupported',
    `The ${name} is of type ${key.type}, which PubkeyAcceptedAlgorithms in ssh_config does not allow for this host.`,
    { nextSteps: ['Use a key of an allowed type, or allow this one in ~/.ssh/config.'] },
  );
}

export function unanswered(hop: Hop, prompt: string, problems: readonly Problem[]): Problem {
  return problem('ssh-auth-failed', `Cannot log in to ${hop.label}: a question was not answered.`, {
    why: [`The host or the key asks: ${prompt}`, ...problems.map(inOneLine)].join(' '),
    nextSteps: ['Connect again and answer it, set `ssh.password` to a secret reference, or use a key.'],
  });
}
