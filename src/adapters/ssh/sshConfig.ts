import { userInfo } from 'node:os';
import { join } from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { shellWord } from '../../core/remote/shell';
import { createLimiter } from './limiter';
import type { OpenSsh, OpenSshAnswer } from './openSsh';
import { createSharedAnswers, type SharedAnswers, type SshAnswer } from './sharedAnswers';
import { readSshConfigFiles, type ConfigLine } from './sshConfigFile';
import { interpret, type Overrides, type SshConfig } from './sshConfigValues';

export interface SshConfigSource {
  /** The configuration of `host` as ssh itself sees it, with the user and port of a command line if given. */
  read(host: string, overrides: Overrides): Promise<Result<SshConfig, Problem>>;
}

interface Environment {
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly openSsh: OpenSsh;
  readonly onWarning: (message: string) => void;
}

/** ssh spends about 13 ms of a processor on each answer; more at once only makes all of them late. */
const SSH_PROCESSES = 4;

/**
 * Asks `ssh -G`, and lets hosts that its files do not tell apart share an answer; where there is no ssh program, the files are
 * read by a parser of our own.
 */
export function createSshConfigSource(environment: Environment): SshConfigSource {
  const processes = createLimiter(SSH_PROCESSES);
  const warned = new Set<string>();

  const askSsh = async (host: string, options: readonly string[]): Promise<OpenSshAnswer> => {
    const release = await processes.acquire();
    try {
      return await environment.openSsh.run('ssh', [...options, '--', host]);
    } finally {
      release();
    }
  };

  /** By the options of the command line. */
  const shared = new Map<string, { readonly answers: SharedAnswers; first?: Promise<unknown> }>();

  const linesFor = async (
    host: string,
    options: readonly string[],
  ): Promise<Result<readonly ConfigLine[], Problem>> => {
    const id = JSON.stringify(options);
    const known = shared.get(id) ?? { answers: createSharedAnswers(() => performance.now()) };
    shared.set(id, known);
    // Of many that come at the same time one is asked for; what it tells may be enough for the others.
    if (known.first !== undefined) await known.first;
    const found = known.answers.find(host);
    if (found !== undefined) return ok(found);
    const asking = ask(host, options, known.answers);
    known.first ??= asking;
    const lines = await asking;
    if (known.first === asking) delete known.first;
    return lines;
  };

  const ask = async (
    host: string,
    options: readonly string[],
    answers: SharedAnswers,
  ): Promise<Result<readonly ConfigLine[], Problem>> => {
    const answer = await askSsh(host, options);
    if (answer.kind === 'missing') return ok(await readSshConfigFiles(host, environment));
    const told = answerOf(answer, host);
    if (!told.ok) return told;
    await answers.keep(host, told.value);
    return ok(told.value.lines);
  };

  return {
    async read(host, overrides) {
      // With -v it tells which files it reads.
      const options = ['-G', '-v', ...homeOptions(environment.homeDir)];
      if (overrides.user !== undefined) options.push('-l', overrides.user);
      if (overrides.port !== undefined) options.push('-p', String(overrides.port));
      const lines = await linesFor(host, options);
      if (!lines.ok) return lines;
      for (const warning of unsupportedPolicies(host, lines.value)) {
        if (!warned.has(warning)) environment.onWarning(warning);
        warned.add(warning);
      }
      return ok(interpret(host, lines.value, overrides, environment));
    },
  };
}

/** What ssh answered, line by line; a home without a configuration file has nothing to say. */
function answerOf(answer: Exclude<OpenSshAnswer, { kind: 'missing' }>, host: string): Result<SshAnswer, Problem> {
  if (answer.kind === 'ended' && answer.exitCode === 0) {
    const lines = answer.stdout.split(/\r?\n/).flatMap((line) => {
      const space = line.indexOf(' ');
      return space < 0 ? [] : [{ keyword: line.slice(0, space).toLowerCase(), value: line.slice(space + 1) }];
    });
    const files = [...answer.stderr.matchAll(/^debug1: Reading configuration data (.+?)\r?$/gm)].map(
      ([, file = '']) => file,
    );
    return ok({ lines, files });
  }
  if (answer.kind === 'ended' && /can't open user config file/i.test(answer.stderr))
    return ok({ lines: [], files: [] });
  return err(
    problem('ssh-config-invalid', `ssh cannot read its configuration for ${host}.`, {
      why:
        answer.kind === 'no-answer'
          ? answer.reason
          : complaint(answer.stderr) || `ssh ended with status ${answer.exitCode}.`,
      nextSteps: [
        `Run \`ssh -G ${shellWord(host)}\` in a terminal and correct the line that it names in ~/.ssh/config.`,
      ],
    }),
  );
}

/** What ssh says beside what it tells with -v. */
function complaint(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => !/^(?:debug\d: |OpenSSH_)/.test(line))
    .join('\n')
    .trim();
}

/** What ssh_config asks for and this client cannot do, in words. */
function unsupportedPolicies(host: string, lines: readonly ConfigLine[]): readonly string[] {
  return UNSUPPORTED.flatMap(({ keyword, name, instead }) => {
    const value = lines.find((line) => line.keyword === keyword)?.value.toLowerCase();
    return value === undefined || ['none', 'no', 'false'].includes(value)
      ? []
      : [`${name} in ssh_config is not supported here, so it does not help to recognize ${host}: ${instead}`];
  });
}

const UNSUPPORTED = [
  { keyword: 'knownhostscommand', name: 'KnownHostsCommand', instead: 'only known_hosts files are read.' },
  {
    keyword: 'verifyhostkeydns',
    name: 'VerifyHostKeyDNS',
    instead: 'no SSHFP records are looked up; a key that no known_hosts lists is unknown.',
  },
];

/**
 * ssh takes the home directory from the password database and not from HOME, so a different home has to be named.
 * The system-wide file is not read then; that only happens where somebody moved their home on purpose.
 */
function homeOptions(homeDir: string): readonly string[] {
  return homeDir === userInfo().homedir ? [] : ['-F', join(homeDir, '.ssh', 'config')];
}
