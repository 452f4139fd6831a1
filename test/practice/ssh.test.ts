import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import type ssh2 from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRIVILEGE_SCRIPT } from '../../src/core/remote/remoteCommand';
import { READ_FILE_SCRIPT, readFile } from '../../src/core/remote/file';
import { fileSha256 } from '../../src/core/remote/fileSha256';
import { UPLOAD_FILE_SCRIPT, uploadFile } from '../../src/core/remote/upload';
import { UNIT_STATUS_SCRIPT } from '../../src/core/remote/unit';
import { commandLine, inputHead } from '../../src/core/remote/shell';
import { byteSource } from '../support/byteSource';
import { exec, login, startLab, type Lab } from './lab';

describe('SSH to a practice host', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({
      servers: 2,
      host: {
        users: [
          { name: 'practice', password: 'log in' },
          { name: 'careful', sudo: 'password', password: 'let me' },
          { name: 'guest', sudo: 'refused' },
          { name: 'minimal', sudo: 'none' },
          { name: 'root' },
        ],
      },
    });
  });
  afterAll(() => lab.stop());

  const privilege = async (username: string): Promise<string> => {
    const client = await login(lab.fleet, 'server-1', { username });
    const { stdout } = await exec(client, commandLine(PRIVILEGE_SCRIPT, [], 'none'));
    client.end();
    return stdout.trim();
  };

  it('accepts the key and the password, and nothing else', async () => {
    (await login(lab.fleet, 'server-1')).end();
    (await login(lab.fleet, 'server-1', { password: 'log in' })).end();
    await expect(login(lab.fleet, 'server-1', { password: 'wrong' })).rejects.toThrow(/authentication/);
    await expect(login(lab.fleet, 'server-1', { username: 'nobody' })).rejects.toThrow(/authentication/);
  });

  it('says in its greeting that it is a simulation', async () => {
    const { address, sshPort } = lab.fleet.hosts[0] ?? { address: '', sshPort: 0 };
    const socket = connect(sshPort, address);
    const greeting = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
    socket.destroy();
    expect(greeting).toMatch(/^SSH-2\.0-.*simulation/);
  });

  it('tells how root is reached', async () => {
    expect(await privilege('practice')).toBe('sudo');
    expect(await privilege('careful')).toBe('sudo-password');
    expect(await privilege('guest')).toBe('sudo-password');
    expect(await privilege('minimal')).toBe('none');
    expect(await privilege('root')).toBe('root');
  });

  it('plays sudo: password asked for, wrong, not wanted, refused', async () => {
    const write = (elevation: 'none' | 'sudo' | 'sudo-password', password?: string) => async (username: string) => {
      const client = await login(lab.fleet, 'server-1', { username });
      const result = await exec(
        client,
        commandLine(UPLOAD_FILE_SCRIPT, [`/etc/${username}`, '0640', '3', ''], elevation),
        `${inputHead(elevation, password)}abc`,
      );
      client.end();
      return result;
    };
    expect(await write('sudo-password', 'let me')('careful')).toMatchObject({ exitCode: 0 });
    expect(lab.fleet.inspect('server-1').file('/etc/careful')).toEqual({ content: 'abc', mode: 0o640 });
    expect(await write('sudo-password', 'wrong')('careful')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('incorrect password attempt'),
    });
    expect(await write('sudo')('careful')).toMatchObject({ exitCode: 1, stderr: 'sudo: a password is required\n' });
    expect(await write('sudo-password', 'secret')('practice')).toMatchObject({ exitCode: 97 });
    expect(lab.fleet.inspect('server-1').file('/etc/practice')).toBeUndefined();
    expect(await write('sudo')('guest')).toMatchObject({ exitCode: 1, stderr: 'guest is not in the sudoers file.\n' });
    expect(await write('none')('guest')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Permission denied'),
    });
    expect(await write('none')('root')).toMatchObject({ exitCode: 0 });
  });

  it("keeps root's files from others", async () => {
    const client = await login(lab.fleet, 'server-2');
    await exec(client, commandLine(UPLOAD_FILE_SCRIPT, ['/etc/secret', '0600', '1', ''], 'sudo'), 'x');
    expect(await exec(client, commandLine(READ_FILE_SCRIPT, ['/etc/secret'], 'none'))).toMatchObject({
      exitCode: 1,
      stderr: 'cat: /etc/secret: Permission denied\n',
    });
    expect(await exec(client, commandLine(READ_FILE_SCRIPT, ['/etc/secret'], 'sudo'))).toMatchObject({
      exitCode: 0,
      stdout: 'x',
    });
    expect(await exec(client, commandLine(READ_FILE_SCRIPT, ['/nothing'], 'sudo'))).toMatchObject({ exitCode: 2 });
    expect(await exec(client, commandLine(UNIT_STATUS_SCRIPT, ['k3s', '', '5', '0', ''], 'sudo'))).toMatchObject({
      stdout: expect.stringContaining('ActiveState=inactive SubState=dead') as string,
    });
    client.end();
  });

  it('keeps of large files what is known of them, and text as it is', async () => {
    const path = '/var/lib/rancher/k3s/agent/images/airgap.tar';
    const large = byteSource(40_000_000);
    expect(await lab.run('server-2', fileSha256(path))).toEqual({ ok: true, value: undefined });
    expect(await lab.run('server-2', uploadFile(path, '0644', large))).toEqual({ ok: true, value: undefined });
    expect(await lab.run('server-2', fileSha256(path))).toEqual({
      ok: true,
      value: { sha256: large.sha256, mode: '0644' },
    });
    expect(lab.fleet.inspect('server-2').file(path)).toEqual({ content: '', mode: 0o644 });
    expect(await lab.run('server-2', readFile(path))).toMatchObject({
      ok: false,
      error: { why: expect.stringContaining('kept only the sha256') },
    });
    const other = { ...byteSource(2_000_000), sha256: 'f'.repeat(64) };
    expect(await lab.run('server-2', uploadFile(path, '0644', other))).toMatchObject({
      ok: false,
      error: { why: expect.stringContaining(`instead of ${other.sha256}`) },
    });
    lab.fleet.fillDisk('server-2');
    expect(await lab.run('server-2', uploadFile(path, '0644', large))).toMatchObject({
      ok: false,
      error: { why: expect.stringMatching(/^No space left on device: .* 0 MiB free, and 38 MiB are needed$/) },
    });
    lab.fleet.fillDisk('server-2', false);
    expect(await lab.run('server-2', fileSha256(path))).toMatchObject({ value: { sha256: large.sha256 } });
  });

  it('refuses loudly what no practice host knows', async () => {
    const client = await login(lab.fleet, 'server-2');
    const { exitCode, stderr } = await exec(client, 'uname -a');
    client.end();
    expect(exitCode).toBe(127);
    expect(stderr).toContain('this host is simulated and does not know this command');
    expect(lab.events).toContainEqual({ kind: 'unknownCommand', host: 'server-2', command: 'uname -a' });
  });

  it('has no more than ten channels on a connection, and frees them', async () => {
    const client = await login(lab.fleet, 'server-1');
    // Waits for its input.
    const wait = commandLine(UPLOAD_FILE_SCRIPT, ['/tmp/empty', '0600', '0', ''], 'none');
    const open = (): Promise<ssh2.ClientChannel> =>
      new Promise((resolve, reject) =>
        client.exec(wait, (error, channel) => (error === undefined ? resolve(channel) : reject(error))),
      );
    const channels = await Promise.all(Array.from({ length: 10 }, open));
    await expect(open()).rejects.toThrow(/open/);
    await Promise.all(channels.map((channel) => new Promise((resolve) => channel.on('close', resolve).resume().end())));
    expect((await exec(client, wait)).exitCode).toBe(0);
    client.end();
  });

  it('shows the key that known_hosts has, until it is changed', async () => {
    const shown = async (): Promise<string> => {
      let key = '';
      const client = await login(lab.fleet, 'server-2', {
        hostVerifier: (offered) => {
          key = offered.toString('base64');
          return true;
        },
      });
      client.end();
      return key;
    };
    const host = lab.fleet.hosts.find(({ id }) => id === 'server-2');
    const known = readFileSync(lab.fleet.directory.knownHosts, 'utf8');
    expect(known).toContain(`[${host?.address ?? ''}]:2222 ssh-ed25519 ${await shown()}\n`);
    lab.fleet.changeHostKey('server-2');
    expect(known).not.toContain(await shown());
  });

  it('opens tunnels to its own ports and to the other hosts', async () => {
    const client = await login(lab.fleet, 'server-1');
    const greeting = (host: string, port: number): Promise<string> =>
      new Promise((resolve, reject) => {
        client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
          if (error !== undefined) reject(error);
          else stream.once('data', (chunk: Buffer) => resolve(chunk.toString()));
        });
      });
    expect(await greeting('127.0.0.1', 2222)).toContain('SSH-2.0');
    expect(await greeting(lab.address('server-2'), 2222)).toContain('SSH-2.0');
    await expect(greeting('127.0.0.1', 6443)).rejects.toThrow();
    client.end();
  });

  it.runIf(existsSync('/usr/bin/ssh'))('works with OpenSSH', async () => {
    const host = lab.fleet.hosts[0];
    const options = [
      'StrictHostKeyChecking=yes',
      'BatchMode=yes',
      `UserKnownHostsFile=${lab.fleet.directory.knownHosts}`,
    ].flatMap((option) => ['-o', option]);
    const target = [
      '-p',
      String(host?.sshPort),
      `practice@${host?.address ?? ''}`,
      commandLine(PRIVILEGE_SCRIPT, [], 'none'),
    ];
    const ssh = promisify(execFile)('/usr/bin/ssh', ['-F', 'none', '-i', lab.fleet.clientKey, ...options, ...target], {
      timeout: 10_000,
    });
    ssh.child.stdin?.end();
    const { stdout, stderr } = await ssh;
    expect(stdout).toBe('sudo\n');
    expect(stderr).toContain('This host is a simulation');
  });
});
