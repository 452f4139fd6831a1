import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { normalise } from '../../src/core/cluster/normalise';
import { parseDocument } from '../../src/core/document/parse';
import { planFleet, startFleet, type PracticeFleet } from '../../src/practice/fleet';
import { cli, type CliResult } from '../adapters/cli/run';
import { practiceAllowances } from '../support/allowances';

const NETWORK = `127.${200 + (process.pid % 50)}.9.`;
const HERE = '#!/bin/sh\necho "$K3S_HA_NODE" >> PWNED\n';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A repository that was cloned: whoever made it wrote cluster file and scripts, and its hosts answer. */
describe.skipIf(process.platform === 'win32')('hooks of a repository', () => {
  let folder: string;
  let fleet: PracticeFleet;
  const file = (name: string): string => path.join(folder, name);
  let onStderr: (text: string, kill: () => void) => void = () => undefined;
  const run = (args: readonly string[], ...more: readonly string[]): Promise<CliResult> =>
    cli([...args, 'cluster.k3s.yaml', ...practiceAllowances([`${NETWORK}11`]), ...more], {
      cwd: folder,
      onStderr: (text, kill) => onStderr(text, kill),
      env: { HOME: folder, TMPDIR: file('tmp'), XDG_STATE_HOME: file('state'), KUBECONFIG: file('kubeconfig') },
    });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-hooks-'));
    const text = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: hooked }
k3s: { version: v1.36.3+k3s1 }
datastore: { type: embedded-etcd }
hooks:
  - { when: before apply, run: ./here.sh, on: here }
  - { when: after apply, run: ./there.sh }
token: \${file:.practice/token}
ssh: { user: practice, port: 2222, identityFile: .practice/id_ed25519, knownHostsFile: .practice/known_hosts }
servers:
  nodes:
    - { host: ${NETWORK}11, name: server-1 }
`;
    writeFileSync(file('cluster.k3s.yaml'), text);
    mkdirSync(file('tmp'));
    writeFileSync(file('there.sh'), '#!/bin/sh\ntouch PWNED-THERE\n');
    const options = planFleet(normalise(parseDocument(text).data));
    fleet = await startFleet({ ...options, directory: folder, timeScale: 0.01 });
  });
  beforeEach(() => writeFileSync(file('here.sh'), HERE, { mode: 0o755 }));
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ['plan', ['plan']],
    ['apply', ['apply', '--yes']],
  ])('run nothing on this computer that the person has not agreed to: %s', async (_name, command) => {
    const { code, stdout, stderr } = await run(command);
    expect(code, stdout + stderr).toBe(11);
    expect(stdout).toContain(`./here.sh (hooks, sha256 ${sha256(HERE)})`);
    expect(stdout).toContain(`--allow-programs './here.sh=${sha256(HERE)}'`);
    expect(existsSync(file('PWNED'))).toBe(false);
    expect(fleet.inspect('server-1').file('/etc/rancher/k3s/config.yaml')).toBeUndefined();
  });

  it('run no other script than the one that was agreed to', async () => {
    const agreed = ['--allow-programs', `./here.sh=${sha256(HERE)}`];
    writeFileSync(file('here.sh'), `${HERE}touch OTHER\n`);
    expect((await run(['apply', '--yes'], ...agreed)).code).toBe(11);
    expect(existsSync(file('PWNED'))).toBe(false);
    expect(existsSync(file('OTHER'))).toBe(false);
  });

  it.skipIf(process.platform !== 'linux')(
    'do not outlive a command that is stopped, whatever they ignore',
    async () => {
      const text = '#!/bin/sh\ntrap "" TERM INT\necho "begun as $$"\nwhile :; do sleep 1; done\n';
      writeFileSync(file('here.sh'), text);
      let stopped = false;
      onStderr = (told, kill) => {
        if (stopped || !told.includes('begun as')) return;
        stopped = true;
        kill();
      };
      const { code, stderr } = await run(
        ['apply', '--yes'],
        '--verbose',
        '--allow-programs',
        `./here.sh=${sha256(text)}`,
      );
      onStderr = () => undefined;
      expect(code).toBe(13);
      const pid = /begun as (\d+)/.exec(stderr)?.[1] ?? '';
      await vi.waitFor(() => {
        const stat = `/proc/${pid}/stat`;
        expect(existsSync(stat) && !readFileSync(stat, 'utf8').includes(') Z ')).toBe(false);
      });
      expect(readdirSync(file('tmp')).filter((name) => name.startsWith('k3s-ha-hook-'))).toEqual([]);
      expect(fleet.inspect('server-1').file('/etc/rancher/k3s/config.yaml')).toBeUndefined();
    },
  );

  it('run once for a machine that changes, and not where nothing changes', async () => {
    const agreed = ['--allow-programs', `./here.sh=${sha256(HERE)}`, '--verbose'];
    const { code, stdout, stderr } = await run(['apply', '--yes'], ...agreed);
    expect(code, stdout + stderr).toBe(0);
    expect(readFileSync(file('PWNED'), 'utf8')).toBe('server-1\n');
    expect(stderr).toContain('This host is simulated');
    expect(existsSync(file('PWNED-THERE'))).toBe(false);
    expect((await run(['apply', '--yes'])).code).toBe(0);
    expect(readFileSync(file('PWNED'), 'utf8')).toBe('server-1\n');
  });
});
