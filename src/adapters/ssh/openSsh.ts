import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { findProgram } from '../system/findProgram';

/** What an OpenSSH program answered; `missing` when this machine has none. */
export type OpenSshAnswer =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'no-answer'; readonly reason: string };

/** The OpenSSH programs of this machine, run by their absolute paths and outside the folder of the cluster file. */
export interface OpenSsh {
  /** The absolute path of ssh; undefined when this machine has none. */
  path(): Promise<string | undefined>;
  run(program: 'ssh' | 'ssh-keygen', args: readonly string[]): Promise<OpenSshAnswer>;
}

interface Environment {
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the programs that run right now. */
  readonly disposed?: AbortSignal;
}

const ANSWER_MS = 3_000;

export function createOpenSsh(environment: Environment): OpenSsh {
  const { env } = environment;
  let ssh: Promise<string | undefined> | undefined;
  const sshPath = (): Promise<string | undefined> => (ssh ??= findProgram('ssh', { platform: process.platform, env }));
  return {
    path: sshPath,
    async run(program, args) {
      const found = await sshPath();
      if (found === undefined) return { kind: 'missing' };
      const path =
        program === 'ssh' ? found : join(dirname(found), process.platform === 'win32' ? `${program}.exe` : program);
      return runFile(path, args, environment);
    },
  };
}

function runFile(
  path: string,
  args: readonly string[],
  { homeDir, env, disposed }: Environment,
): Promise<OpenSshAnswer> {
  return new Promise((resolve) => {
    const child = execFile(
      path,
      [...args],
      {
        cwd: homeDir,
        env: { ...env },
        timeout: ANSWER_MS,
        windowsHide: true,
        ...(disposed === undefined ? {} : { signal: disposed }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve({ kind: 'ended', exitCode: 0, stdout, stderr });
        else if (error.code === 'ENOENT') resolve({ kind: 'missing' });
        else if (typeof error.code === 'number') resolve({ kind: 'ended', exitCode: error.code, stdout, stderr });
        else
          resolve({
            kind: 'no-answer',
            reason: error.killed === true ? `${path} gave no answer within ${ANSWER_MS / 1000} s.` : error.message,
          });
      },
    );
    child.stdin?.end();
  });
}
