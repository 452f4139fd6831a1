import { problem, type Problem } from '../../../core/base/problem';
import { shellWord } from '../../../core/remote/shell';
import { noAnswer, refused, seconds, unknownName, unreachable } from '../dial';
import type { Hop } from '../hops';
import { authFailed, closedEarly, handshakeFailed, notSsh, PENALTY } from '../loginProblems';
import type { SshSaid } from './sshSaid';

/** Why the system's ssh did not log in. `key`: the host key decides, `hung-up`: a host that is busy. */
export type LoginFailure =
  | { readonly kind: 'key' }
  | { readonly kind: 'hung-up'; readonly problem: Problem }
  | { readonly kind: 'final'; readonly problem: Problem };

/** What the last words of an ssh mean. `keyProblems` are keys of the cluster file that could not be used. */
export function failureOf(
  hop: Hop,
  said: SshSaid,
  { keyProblems, connectMs }: { readonly keyProblems: readonly Problem[]; readonly connectMs: number },
): LoginFailure {
  const { words } = said;
  const says = (pattern: RegExp): string | undefined => words.findLast((line) => pattern.test(line));
  const final = (found: Problem): LoginFailure => ({ kind: 'final', problem: found });
  const why = words.slice(-3).join(' ');

  if (says(/Host key verification failed|^No \S+ host key is known|HOST IDENTIFICATION HAS CHANGED/) !== undefined)
    return { kind: 'key' };
  const many = says(/Too many authentication failures/);
  if (many !== undefined || says(/Permission denied \(|No more authentication methods/) !== undefined)
    return final(refusedLogin(hop, said, keyProblems, many));
  if (says(/Connection refused/) !== undefined) return final(refused(hop.host, hop.port, undefined));
  if (says(/Could not resolve hostname/) !== undefined) return final(unknownName(hop.host, why));
  if (says(/timed out/i) !== undefined) return final(noAnswer(hop.host, hop.port, hop.connectTimeoutMs ?? connectMs));
  if (says(/No route to host|is unreachable|Can't assign requested address/) !== undefined)
    return final(unreachable(hop.host, hop.port, why));
  if (says(/Unable to negotiate/) !== undefined) return final(handshakeFailed(hop, why));
  if (says(/Bad configuration option|Bad owner or permissions|terminating, \d+ bad/) !== undefined)
    return final(
      problem('ssh-config-invalid', `ssh cannot read its configuration for ${hop.name}.`, {
        why,
        nextSteps: [`Run \`ssh -G ${shellWord(hop.name)}\` in a terminal and correct what it names.`],
      }),
    );
  if (PENALTY.test(said.banner)) return final(closedEarly(hop, said.banner));
  if (said.banner !== '' && !/MaxStartups/.test(said.banner)) return final(notSsh(hop, said.banner));
  if (said.hostKey === undefined && says(/kex_exchange_identification|banner|Connection (closed|reset)/) !== undefined)
    return { kind: 'hung-up', problem: closedEarly(hop, why) };
  return final(
    problem('ssh-failed', `ssh does not reach ${hop.label}.`, {
      why: why === '' ? 'It ended without a word.' : `It says: ${why}`,
      nextSteps: [
        `Run \`ssh -v ${shellWord(hop.name)}\` in a terminal: whatever it needs to work is needed here, too.`,
      ],
    }),
  );
}

/** What builtin and system's client say in common, and what only helps with the system's one. */
function refusedLogin(hop: Hop, said: SshSaid, keyProblems: readonly Problem[], many: string | undefined): Problem {
  const found = authFailed(hop, said.offered, said.tried, keyProblems);
  const load = said.words.filter((line) => /^(Load key|sign_and_send_pubkey|Certificate|.*[Pp]assphrase)/.test(line));
  return {
    ...found,
    why: [many === undefined ? '' : `The host says: ${many}.`, found.why ?? '', ...load]
      .filter((text) => text !== '')
      .join(' '),
    nextSteps: [
      ...(many === undefined
        ? []
        : [
            'Offer fewer keys: name the one that the host knows as `ssh.identityFile`, or set `IdentitiesOnly yes` and IdentityFile for this host in ~/.ssh/config.',
          ]),
      'The system’s ssh is given no password and no passphrase: add the key to your agent with `ssh-add`, or set `ssh.client: builtin`.',
      ...found.nextSteps.filter((step) => !step.includes('ssh.password')),
    ],
  };
}

export function clientMissing(hop: Hop, windows: boolean): Problem {
  return problem(
    'ssh-client-missing',
    `\`ssh.client: openssh\` is set for ${hop.label}, and there is no ssh that could be used.`,
    {
      why: windows
        ? 'OpenSSH for Windows cannot share a connection (ControlMaster), without which every command would log in anew.'
        : 'No program `ssh` is in the folders of PATH.',
      nextSteps: [
        windows
          ? 'Set `ssh.client: builtin`, or work from WSL.'
          : 'Install the OpenSSH client, or set `ssh.client: builtin`.',
      ],
    },
  );
}

export function noAnswerInTime(hop: Hop, ms: number): Problem {
  return problem('ssh-timeout', `ssh was not logged in to ${hop.label} within ${seconds(ms)}.`, {
    why: 'The host stopped answering during the login, or a security key or an agent waited for you.',
    nextSteps: ['Check the machine on its console, and touch the security key when it blinks.'],
  });
}

export function cannotShare(hop: Hop, why: string): Problem {
  return problem('ssh-failed', `ssh has logged in to ${hop.label}, but its connection cannot be used.`, {
    why,
    nextSteps: ['Update the OpenSSH client of this computer, or set `ssh.client: builtin`.'],
  });
}

/** A key file of the cluster file that ssh is not given. */
export function unusableKey(path: string, why: string): Problem {
  return problem('ssh-key-unreadable', `The SSH key ${path} is not used.`, {
    why,
    nextSteps: ['Correct `identityFile` in the cluster file.'],
  });
}
