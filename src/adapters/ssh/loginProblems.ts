import { problem, type Problem } from '../../core/base/problem';
import { shellWord } from '../../core/remote/shell';
import type { OfferedKey } from './agent';
import { seconds } from './dial';
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

export function closedEarly(hop: Hop, why: string): Problem {
  return problem('ssh-closed-early', `${hop.label} closes the connection before the login.`, {
    why,
    nextSteps: [
      'Look into the log of sshd on the host (`journalctl -u ssh`).',
      'If it was too many logins at once, or a ban after failed ones (fail2ban), wait and try again.',
    ],
  });
}

export function handshakeFailed(hop: Hop, message: string): Problem {
  const algorithm = /no matching (.*)/i.exec(message)?.[1];
  if (algorithm !== undefined) {
    return problem('ssh-no-common-algorithm', `${hop.label} and this program have no ${algorithm} in common.`, {
      why: `${message}. What ssh_config does not allow for this host was not offered; SHA-1 signatures (ssh-rsa) only are when it lists them.`,
      nextSteps: [
        'Allow a current algorithm in sshd_config of the host, for example curve25519-sha256, ssh-ed25519 and aes256-gcm@openssh.com.',
      ],
    });
  }
  return problem('ssh-handshake-failed', `The SSH handshake with ${hop.label} failed.`, {
    why: message,
    nextSteps: [`Try \`ssh -v ${shellWord(`${hop.user}@${hop.host}`)} -p ${hop.port}\` in a terminal and compare.`],
  });
}

export function silent(hop: Hop, silenceMs: number, greeting: string): Problem {
  return problem(
    'ssh-timeout',
    `${hop.label} accepts connections, but its SSH server gave no answer within ${seconds(silenceMs)}.`,
    {
      why:
        greeting === ''
          ? 'It never sent the greeting of an SSH server: the machine is overloaded or hangs, or another service listens there.'
          : 'It stopped answering during the login.',
      nextSteps: [
        `Check port ${hop.port}, and the load of the machine on its console.`,
        'If the host is only slow, set ConnectTimeout in ~/.ssh/config.',
      ],
    },
  );
}

export function notSsh(hop: Hop, greeting: string): Problem {
  return problem('ssh-not-ssh', `What listens on port ${hop.port} of ${hop.host} is not an SSH server.`, {
    why: `It answers: ${JSON.stringify(greeting.slice(0, 80))}`,
    nextSteps: ['Correct the SSH port in the cluster file or in ~/.ssh/config.'],
  });
}

/** What sshd says instead of a greeting to an address that failed too often (PerSourcePenalties, OpenSSH 9.8): waiting helps, trying again prolongs it. */
export const PENALTY = /Not allowed at this time/;
