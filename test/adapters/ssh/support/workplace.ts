import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { agreedDoor } from '../../../support/agreedDoor';
import { createSshHosts, type SshHosts, type SshHostsDependencies } from '../../../../src/adapters/ssh/hosts';
import type { Problem } from '../../../../src/core/base/problem';
import { ok } from '../../../../src/core/base/result';
import { maskSecrets } from '../../../../src/core/base/mask';
import type { RemoteCommand, RemoteOutput } from '../../../../src/core/remote/remoteCommand';
import type { SshSettings } from '../../../../src/core/cluster/cluster';
import type { HostKeyQuestion, HostTarget, Log, RemoteOutcome, SecretQuestion } from '../../../../src/engine/ports';
import { problem } from '../../../../src/core/base/problem';

export const USER = userInfo().username;

/** A home folder, servers and everything said in a test; {@link Workplace.close} ends all of it and looks for leaked secrets. */
export interface Workplace {
  readonly home: string;
  /** Everything logged, and every problem seen through {@link failure}. */
  readonly said: string[];
  readonly keyQuestions: HostKeyQuestion[];
  readonly secretQuestions: SecretQuestion[];
  /** How host keys are answered; `accept` unless a test says otherwise. */
  answer: { hostKey: 'accept' | 'reject'; secret: (question: SecretQuestion) => string | undefined };
  readonly env: Record<string, string | undefined>;
  /** Hosts whose `${secret:…}` references are looked up in `values`. */
  hosts(values?: Readonly<Record<string, string>>, more?: Partial<SshHostsDependencies>): SshHosts;
  /** `text` must not be heard anywhere. */
  keepSecret(text: string): string;
  file(name: string, content: string, mode?: number): string;
  key(name: string, passphrase?: string, type?: string): string;
  agent(...keyFiles: readonly string[]): Promise<string>;
  atEnd(work: () => Promise<void> | void): void;
  close(): Promise<void>;
}

/** Tests of what both do alike run for each. */
export const CLIENTS = ['builtin', 'openssh'] as const;

let clientOfTargets: SshSettings['client'];

/** `client`: whose SSH reaches the targets of the test that say nothing else. */
export function createWorkplace(client?: SshSettings['client']): Workplace {
  clientOfTargets = client;
  const home = mkdtempSync(join(tmpdir(), 'k3s-ha-ssh-'));
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
  const said: string[] = [];
  const keyQuestions: HostKeyQuestion[] = [];
  const secretQuestions: SecretQuestion[] = [];
  const kept: string[] = [];
  const endings: (() => Promise<void> | void)[] = [];
  const say = (message: string): number => said.push(message);
  const log: Log = { trace: say, debug: say, info: say, warn: say, error: say };

  const workplace: Workplace = {
    home,
    said,
    keyQuestions,
    secretQuestions,
    answer: { hostKey: 'accept', secret: () => undefined },
    env: { PATH: process.env['PATH'], HOME: home },
    hosts(values = {}, more = {}) {
      const hosts = createSshHosts({
        secrets: agreedDoor({
          resolve: (text) => {
            const name = /^\$\{secret:(.+)\}$/.exec(text)?.[1];
            const value = name === undefined ? text : values[name];
            return Promise.resolve(
              value === undefined
                ? { ok: false, error: problem('secret-missing', `The secret ${name ?? ''} is not set.`) }
                : ok(value),
            );
          },
        }),
        prompter: {
          confirmHostKey: (question) => {
            keyQuestions.push(question);
            return Promise.resolve(workplace.answer.hostKey);
          },
          askSecret: (question) => {
            secretQuestions.push(question);
            return Promise.resolve(workplace.answer.secret(question));
          },
        },
        log,
        baseDir: home,
        homeDir: home,
        env: workplace.env,
        ...more,
      });
      endings.unshift(() => hosts.dispose());
      return hosts;
    },
    keepSecret(text) {
      kept.push(text);
      return text;
    },
    file(name, content, mode = 0o600) {
      const path = join(home, name);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, content, { mode });
      chmodSync(path, mode);
      return path;
    },
    key(name, passphrase = '', type = 'ed25519') {
      const path = join(home, name);
      execFileSync('ssh-keygen', [
        '-q',
        '-t',
        type,
        ...(type === 'rsa' ? ['-b', '2048'] : []),
        '-N',
        passphrase,
        '-C',
        name,
        '-f',
        path,
      ]);
      if (passphrase !== '') kept.push(passphrase);
      return path;
    },
    async agent(...keyFiles) {
      const socket = join(home, 'agent.sock');
      const child = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
      endings.unshift(() => endProcess(child));
      await eventually(() =>
        execFileSync('ssh-add', ['-q', ...keyFiles], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'pipe' }),
      );
      workplace.env['SSH_AUTH_SOCK'] = socket;
      return socket;
    },
    atEnd: (work) => void endings.unshift(work),
    async close() {
      for (const end of endings) await end();
      rmSync(home, { recursive: true, force: true });
      const everything = said.join('\n');
      expect(maskSecrets(everything, kept), 'a secret was said aloud').toBe(everything);
    },
  };
  return workplace;
}

/** A target with the given settings; unspecified ones come from ssh_config. */
export function target(host: string, ssh: Partial<SshSettings> = {}, id = host): HostTarget {
  const client = clientOfTargets === undefined ? {} : { client: clientOfTargets };
  return { id, host, ssh: { identityFiles: [], ...client, ...ssh } };
}

/** A command that answers with everything the script printed. */
export function shell(text: string, more: Partial<RemoteCommand<RemoteOutput>> = {}): RemoteCommand<RemoteOutput> {
  return {
    script: { id: 'test-script', text },
    args: [],
    sudo: false,
    timeoutMs: 20_000,
    secrets: [],
    parse: (output) => ok(output),
    ...more,
  };
}

export function output(outcome: RemoteOutcome<RemoteOutput>): RemoteOutput {
  if (outcome.kind !== 'done')
    throw new Error(`expected a result, got ${outcome.kind}: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

/** The problem of an outcome; its text counts as said aloud. */
export function failure(
  workplace: Workplace,
  outcome: RemoteOutcome<unknown>,
  kind: 'failed' | 'unknown' = 'failed',
): Problem {
  if (outcome.kind === 'done') throw new Error(`expected a failure, got ${JSON.stringify(outcome.value)}`);
  workplace.said.push(JSON.stringify(outcome.problem));
  expect(outcome.kind).toBe(kind);
  return outcome.problem;
}

/** `SHA256:…` of a public key file. */
export function fingerprintOf(publicKeyFile: string): string {
  const blob = Buffer.from(readFileSync(publicKeyFile, 'utf8').split(' ')[1] ?? '', 'base64');
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

export async function eventually<T>(work: () => T | Promise<T>, ms = 5_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

/** The time that `work` takes, in milliseconds, with its result. */
export async function timed<T>(work: Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const started = performance.now();
  const value = await work;
  return { ms: performance.now() - started, value };
}
