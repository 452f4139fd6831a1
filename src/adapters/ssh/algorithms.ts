import type { CipherAlgorithm, KexAlgorithm, MacAlgorithm, ServerHostKeyAlgorithm } from 'ssh2';
import supported from 'ssh2/lib/protocol/constants.js';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { matchesPatterns } from './knownHosts';

/** The lists of ssh_config as written there; a missing one leaves the choice to this program. */
export interface AlgorithmLists {
  readonly hostKeyAlgorithms?: string;
  readonly kexAlgorithms?: string;
  readonly ciphers?: string;
  readonly macs?: string;
  readonly pubkeyAcceptedAlgorithms?: string;
}

/** What is offered to a server, most wanted first, in the words of ssh2. */
export interface Algorithms {
  readonly serverHostKey: ServerHostKeyAlgorithm[];
  readonly kex: KexAlgorithm[];
  readonly cipher: CipherAlgorithm[];
  readonly hmac: MacAlgorithm[];
}

/** `ssh-rsa` means signatures with SHA-1, which OpenSSH has not offered since 8.8: only for those who configure it. */
const HOST_KEYS = supported.DEFAULT_SERVER_HOST_KEY.filter((name) => name !== 'ssh-rsa');

/**
 * What `ssh -G` says before OpenSSH 10 when nobody has configured ciphers. Since then AES-GCM comes before AES-CTR, as in
 * the list of ssh2: it is faster on every processor with AES. https://www.openssh.com/txt/release-10.0
 */
const OLD_CIPHERS =
  'chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com';

/**
 * What the lists of ssh_config leave of the algorithms that ssh2 has, in the order of those lists. `label` names the
 * host in the problem that nothing is left.
 */
export function chooseAlgorithms(lists: AlgorithmLists, label: string): Result<Algorithms, Problem> {
  const serverHostKey = choose(lists.hostKeyAlgorithms, HOST_KEYS, supported.SUPPORTED_SERVER_HOST_KEY);
  const kex = choose(lists.kexAlgorithms, supported.DEFAULT_KEX, supported.SUPPORTED_KEX);
  const cipher = withLast(
    choose(
      lists.ciphers === OLD_CIPHERS ? undefined : lists.ciphers,
      supported.DEFAULT_CIPHER,
      supported.SUPPORTED_CIPHER,
    ),
    'chacha20-poly1305@openssh.com',
  );
  const hmac = choose(lists.macs, supported.DEFAULT_MAC, supported.SUPPORTED_MAC);
  if (serverHostKey.length === 0) return err(nothingLeft(label, 'HostKeyAlgorithms', HOST_KEYS));
  if (kex.length === 0) return err(nothingLeft(label, 'KexAlgorithms', supported.DEFAULT_KEX));
  if (cipher.length === 0) return err(nothingLeft(label, 'Ciphers', supported.DEFAULT_CIPHER));
  if (hmac.length === 0) return err(nothingLeft(label, 'MACs', supported.DEFAULT_MAC));
  return ok({ serverHostKey, kex, cipher, hmac });
}

/**
 * A connection of ssh2 with chacha20-poly1305 stops answering inside another one inside a third (ssh2 1.17.0, two jump
 * hosts), so this cipher is only used where ssh_config or the host leaves no other.
 */
function withLast<T>(names: readonly T[], last: T): T[] {
  return [...names.filter((name) => name !== last), ...names.filter((name) => name === last)];
}

/** Whether PubkeyAcceptedAlgorithms lets a login be signed with a key of this type and, for RSA, this hash. */
export function maySign(lists: AlgorithmLists, keyType: string, hash?: string): boolean {
  const algorithms =
    keyType === 'ssh-rsa'
      ? RSA_SIGNATURES.filter((one) => hash === undefined || one.hash === hash).map(({ name }) => name)
      : [keyType];
  return choose(lists.pubkeyAcceptedAlgorithms, HOST_KEYS, supported.SUPPORTED_SERVER_HOST_KEY).some((name) =>
    algorithms.includes(name),
  );
}

const RSA_SIGNATURES: readonly { readonly name: string; readonly hash: string }[] = [
  { name: 'rsa-sha2-512', hash: 'sha512' },
  { name: 'rsa-sha2-256', hash: 'sha256' },
  { name: 'ssh-rsa', hash: 'sha1' },
];

/**
 * A list as ssh_config(5) has it: names in order, or with a sign before it a change of the default list. `ssh -G` has
 * already worked the signs out; they only come from files that were read without ssh.
 */
function choose<T extends string>(list: string | undefined, defaults: readonly T[], all: readonly T[]): T[] {
  if (list === undefined || list === '') return [...defaults];
  const patterns = list
    .replace(/^[+^-]/, '')
    .split(',')
    .map((name) => name.trim());
  const named = [...new Set(patterns.flatMap((pattern) => all.filter((name) => matchesPatterns([pattern], name))))];
  const others = defaults.filter((name) => !named.includes(name));
  if (list.startsWith('+')) return [...defaults, ...named.filter((name) => !defaults.includes(name))];
  if (list.startsWith('^')) return [...named, ...others];
  return list.startsWith('-') ? others : named;
}

function nothingLeft(label: string, keyword: string, names: readonly string[]): Problem {
  return problem(
    'ssh-algorithms-unsupported',
    `${keyword} in ssh_config leaves nothing that this program could use for ${label}.`,
    {
      why: 'The algorithms that are configured for this host are not among those that the built-in SSH client has.',
      nextSteps: [`Add one of these to ${keyword} for this host in ~/.ssh/config: ${names.join(', ')}.`],
    },
  );
}
