import { spawn, type ChildProcess } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import type { RemoteCommand, RemoteOutput } from '../../src/core/remote/remoteCommand';

/** The folder that remote scripts keep their state in; here it lies inside the folder of the test. */
const STATE = '/var/lib/k3s-ha';

/** Places of a host that scripts know by name; with {@link ShellHost.root} they lie inside the folder of the test, too. */
const PLACES = [
  '/etc/',
  '/proc/',
  '/sys/fs/',
  '/sys/module/',
  '/lib/modules/',
  '/run/systemd/',
  '/run/openrc/',
  '/run/k3s',
  '/run/flannel',
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/run/nginx.pid',
  '/run/$1.pid',
  '/var/log/',
  '/usr/local/bin/k3s',
  '/opt/bin/k3s',
];

/** Runs remote scripts with a real shell of this machine, in a folder that stands for a host. */
export interface ShellHost {
  readonly folder: string;
  /** Path of a file of the host, in a folder that is made; from then on scripts find such places there. */
  root(path: string): string;
  /** Puts a program in front of the others in PATH. */
  program(name: string, text: string): void;
  /** Starts a command in a process group of its own; its standard input stays open. */
  start(command: RemoteCommand<unknown>): ChildProcess;
  run(command: RemoteCommand<unknown>): Promise<RemoteOutput>;
  /** Every file of the host that holds a text. */
  filesWith(text: string): string[];
  /** Kills what is left and removes the folder. */
  remove(): void;
}

/** `shell` is the path of the program that `sh` stands for on the host, `more` what stands in the environment of scripts. */
export function shellHost(shell: string, more: Readonly<Record<string, string>> = {}): ShellHost {
  const folder = mkdtempSync(join(tmpdir(), 'k3s-ha-host-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(shell, join(bin, 'sh'));
  // What this machine itself runs is none of a test's business.
  writeFileSync(join(bin, 'systemctl'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const started: ChildProcess[] = [];
  let places: readonly string[] = [];
  const host: ShellHost = {
    folder,
    root(path) {
      places = PLACES;
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      return join(folder, path);
    },
    program: (name, text) => writeFileSync(join(bin, name), `#!/bin/sh\n${text}`, { mode: 0o755 }),
    start(command) {
      const text = places.reduce(
        (script, place) => script.replaceAll(place, join(folder, place)),
        command.script.text.replaceAll(STATE, join(folder, 'state')),
      );
      const child = spawn(join(bin, 'sh'), ['-c', text, command.script.id, ...command.args], {
        detached: true,
        env: { ...more, PATH: `${bin}:${process.env['PATH'] ?? ''}`, HOST: folder },
      });
      started.push(child);
      return child;
    },
    run: (command) =>
      new Promise((resolve) => {
        const child = host.start(command);
        let stdout = '';
        let stderr = '';
        child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
        child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
        child.on('close', (code) => resolve({ stdout, stderr, exitCode: code ?? -1 }));
        child.stdin?.on('error', () => undefined);
        if (typeof command.stdin === 'object') Readable.from(command.stdin.open()).pipe(child.stdin as Writable);
        else child.stdin?.end(command.stdin ?? '');
      }),
    filesWith: (text) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((path) => lstatSync(path).isFile() && readFileSync(path).includes(text)),
    remove() {
      for (const child of started) if (child.exitCode === null && child.signalCode === null) killGroup(child.pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return host;
}

/** Kills a process group without a chance to clean up; nothing when it is gone. */
export function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
