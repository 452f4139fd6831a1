import { installedVersion } from '../k3s/program';
import type { PracticeHost, UnitName } from '../machine/host';
import type { Command } from './command';
import { journalLine } from './journal';

/** What a person has typed, and who and how large the terminal is. */
export interface Typed {
  readonly host: PracticeHost;
  readonly user: string;
  readonly window: { readonly columns: number; readonly rows: number };
}

export interface Answered {
  readonly text: string;
  readonly exitCode: number;
  /** The shell ends. */
  readonly ends?: true;
}

type Program = (words: readonly string[], typed: Typed) => Answered;

const says = (text: string, exitCode = 0): Answered => ({ text: text === '' ? '' : `${text}\n`, exitCode });

/** The few programs that a simulated host has. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  help: () => says(`This host is simulated by the practice fleet. It knows: ${Object.keys(PROGRAMS).join(', ')}.`),
  true: () => says(''),
  false: () => says('', 1),
  echo: (words) => says(words.join(' ')),
  hostname: (_, { host }) => says(host.hostname),
  whoami: (_, { user }) => says(user),
  uname: (words, { host }) => says(words.includes('-r') ? host.kernel : 'Linux'),
  stty: (_, { window }) => says(`${window.rows} ${window.columns}`),
  k3s: (_, { host }) => {
    const version = installedVersion(host);
    return version === undefined ? says('sh: 1: k3s: not found', 127) : says(`k3s version ${version} (simulated)`);
  },
  systemctl: ([verb = '', unit = ''], { host }) => {
    const known = host.units.get(unit.replace(/\.service$/, '') as UnitName);
    if (verb !== 'is-active' || known === undefined) return says('simulated: systemctl is-active k3s|k3s-agent', 1);
    const { active } = known.state();
    return says(active, active === 'active' ? 0 : 3);
  },
  journalctl: (words, { host, user }) => {
    if (user !== 'root') return says('No journal files were opened due to insufficient permissions.', 1);
    const unit = words.find((word) => host.units.has(word as UnitName)) ?? 'k3s';
    return says(
      host.journal
        .last(unit, 10)
        .map((line) => journalLine(host, line))
        .join('\n'),
    );
  },
  exit: ([status = '0']) => ({ text: '', exitCode: Number(status) || 0, ends: true }),
};

/** Answers a command line as far as a host without a shell can; `sudo` is believed. */
export function answerTyped(line: string, typed: Typed): Answered {
  const [first = '', ...rest] = line.trim().split(/\s+/);
  if (first === '') return says('');
  if (first === 'sudo') return answerTyped(rest.join(' '), { ...typed, user: 'root' });
  const program = Object.hasOwn(PROGRAMS, first) ? PROGRAMS[first] : undefined;
  return program?.(rest, typed) ?? says(`sh: 1: ${first}: not found (this host is simulated: try "help")`, 127);
}

/** run-command: a command line on standard input. */
export const runCommandCommand: Command = async (run) => {
  const { host, user } = run;
  const { text, exitCode } = answerTyped(await run.stdin.text(), { host, user, window: { columns: 80, rows: 24 } });
  run.out(text);
  return exitCode;
};
