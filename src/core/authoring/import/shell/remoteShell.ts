import type { Login } from '../installCommand';

/** A command that another machine runs. */
export interface RemoteShell {
  readonly host: string;
  readonly ssh: Login;
  /** Undefined when it comes from standard input. */
  readonly command: string | undefined;
}

/** Flags of ssh without a value. https://man.openbsd.org/ssh */
const SSH_SWITCHES = /^-[46AaCfGgKkMNnqsTtVvXxYy]+$/;

/** `ssh user@host …` and its relatives of virtual machines; undefined for anything else. */
export function remoteShell([name = '', ...args]: readonly string[]): RemoteShell | undefined {
  if (name === 'ssh') return overSsh(args);
  if (/^(?:multipass|lxc|incus)$/.test(name) && args[0] === 'exec') {
    const [host, ...rest] = args.slice(1).filter((arg) => arg !== '--');
    return host === undefined ? undefined : { host, ssh: {}, command: joined(rest) };
  }
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
