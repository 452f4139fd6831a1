import type { Login } from '../installCommand';

/** A command that another machine runs. */
export interface RemoteShell {
  /** Undefined where a machine is named by a number alone. */
  readonly host: string | undefined;
  readonly ssh: Login;
  /** Undefined when it comes from standard input. */
  readonly command: string | undefined;
}

/** Flags of ssh without a value. https://man.openbsd.org/ssh */
const SSH_SWITCHES = /^-[46AaCfGgKkMNnqsTtVvXxYy]+$/;

/** Where a command has others run: `ssh user@host …` and its relatives, for several hosts as well. */
export function remoteShells(words: readonly string[]): readonly RemoteShell[] {
  const several = ofSeveral(words);
  if (several !== undefined) return several;
  const one = remoteShell(words);
  return one === undefined ? [] : [one];
}

/** `parallel-ssh -H "a b" …`, `pdsh -w a,b …` */
function ofSeveral([name = '', ...args]: readonly string[]): readonly RemoteShell[] | undefined {
  if (!/^(?:parallel-ssh|pssh|pdsh)$/.test(name)) return undefined;
  const hosts: string[] = [];
  let user: string | undefined;
  let index = 0;
  for (; index < args.length && args[index]?.startsWith('-') === true; index += 1) {
    const flag = args[index] ?? '';
    if (/^-[iPAvR]$/.test(flag)) continue;
    const value = args[(index += 1)] ?? '';
    if (/^-[Hw]$/.test(flag)) hosts.push(...value.split(/[\s,]+/));
    else if (flag === '-l') user = value;
  }
  const command = joined(args.slice(index));
  return hosts.map((host) => ({ host, ssh: user === undefined ? {} : { user }, command }));
}

/** `ssh user@host …` and its relatives of virtual machines; undefined for anything else. */
function remoteShell([name = '', ...args]: readonly string[]): RemoteShell | undefined {
  if (name === 'ssh') return overSsh(args);
  if (/^(?:multipass|lxc|incus)$/.test(name) && args[0] === 'exec') {
    const [host, ...rest] = args.slice(1).filter((arg) => arg !== '--');
    return host === undefined ? undefined : { host, ssh: {}, command: joined(rest) };
  }
  // Containers of Proxmox have numbers. https://pve.proxmox.com/pve-docs/pct.1.html
  if (name === 'pct' && args[0] === 'exec')
    return {
      host: undefined,
      ssh: {},
      command: joined(args.slice(2).filter((arg, index) => index > 0 || arg !== '--')),
    };
  if (name === 'vagrant' && args[0] === 'ssh') {
    const at = args.findIndex((arg) => arg === '-c' || arg === '--command');
    const host = args.slice(1).find((arg, index) => !arg.startsWith('-') && index + 1 !== at + 1);
    return at < 0 || host === undefined ? undefined : { host, ssh: {}, command: args[at + 1] };
  }
  return undefined;
}

function overSsh(args: readonly string[]): RemoteShell | undefined {
  const given: Record<string, string> = {};
  let index = 0;
  for (; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    if (!arg.startsWith('-')) break;
    if (SSH_SWITCHES.test(arg)) continue;
    const letter = arg.slice(0, 2);
    given[letter] = arg.length > 2 ? arg.slice(2) : (args[(index += 1)] ?? '');
  }
  const target = /^(?:ssh:\/\/)?(?:([^@\s]+)@)?([^\s/]+)$/.exec(args[index] ?? '');
  if (target === null) return undefined;
  const user = target[1] ?? given['-l'];
  const port = Number(given['-p'] ?? 22);
  return {
    host: target[2] ?? '',
    ssh: {
      ...(user === undefined ? {} : { user }),
      ...(port === 22 || Number.isNaN(port) ? {} : { port }),
      ...(given['-i'] === undefined ? {} : { identityFile: given['-i'] }),
      ...(given['-J'] === undefined ? {} : { proxyJump: given['-J'] }),
    },
    command: joined(args.slice(index + 1)),
  };
}

/** A single word is a text for the shell over there, as ssh hands it on; several are joined. */
function joined(words: readonly string[]): string | undefined {
  return words.length === 0
    ? undefined
    : words
        .map((word, _i, all) =>
          all.length > 1 && /\s/.test(word) ? `'${word.replaceAll("'", String.raw`'\''`)}'` : word,
        )
        .join(' ');
}
