import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropAside, putAsideK3s, putBackK3s } from '../../../src/core/remote/aside';
import type { RemoteCommand } from '../../../src/core/remote/remoteCommand';
import type { Result } from '../../../src/core/base/result';
import type { Problem } from '../../../src/core/base/problem';
import { shellHost, type ShellHost } from '../../support/shellHost';
import { showUnit, systemctlOn } from '../../support/systemctl';

const CONFIG = '/etc/rancher/k3s/config.yaml';
const UNIT = '/etc/systemd/system/k3s.service';
const BINARY = '/usr/local/bin/k3s';
/** A copy that begins and finds no room for the rest. */
const FULL = 'echo half > "$3"; echo "cp: error writing: No space left on device" >&2; exit 1';

describe.each(['/bin/dash', '/bin/bash'])('what is put aside under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    systemctlOn(host);
    showUnit(host, 'k3s', { InvocationID: 'old', ActiveState: 'active' });
    write(CONFIG, 'token: old\n', 0o600);
    write(UNIT, '[Service]\n', 0o644);
    write(`${UNIT}.env`, 'A=1\n', 0o600);
    write(BINARY, 'old binary', 0o755);
    startedFrom(BINARY);
  });
  afterEach(() => host.remove());

  /** A new file in place of the old one, as an upload and the install script make it. */
  function write(path: string, text: string, mode: number): void {
    const place = host.root(path);
    rmSync(place, { force: true });
    writeFileSync(place, text, { mode });
  }

  /** The program that the unit starts. */
  function startedFrom(path: string): void {
    const place = host.root(path);
    showUnit(host, 'k3s', { ExecStart: `{ path=${place} ; argv[]=${place} server ; ignore_errors=no }` });
  }

  const read = (path: string): string | undefined => {
    const place = join(host.folder, path);
    return existsSync(place) ? readFileSync(place, 'utf8') : undefined;
  };
  const aside = (): boolean => existsSync(join(host.folder, 'state/aside'));

  async function run<T>(command: RemoteCommand<T>): Promise<Result<T, Problem>> {
    return command.parse(await host.run(command));
  }

  it('comes back whole, with its modes, and asks for a restart of another process', async () => {
    expect(await run(putAsideK3s('k3s'))).toEqual({ ok: true, value: undefined });
    expect(statSync(join(host.folder, 'state/aside')).mode & 0o077).toBe(0);
    write(CONFIG, 'token: new\n', 0o600);
    write(`${UNIT}.env`, 'A=2\n', 0o644);
    write(BINARY, 'new binary', 0o755);
    showUnit(host, 'k3s', { InvocationID: 'new', ActiveState: 'failed' });
    expect(await run(putBackK3s('k3s'))).toEqual({ ok: true, value: { restarted: true } });
    expect([CONFIG, `${UNIT}.env`, BINARY].map(read)).toEqual(['token: old\n', 'A=1\n', 'old binary']);
    expect(statSync(join(host.folder, `${UNIT}.env`)).mode & 0o777).toBe(0o600);
    expect(read('systemctl.log')).toBe('daemon-reload\n');
    expect(aside()).toBe(true);
  });

  it('has room for archives of images: what is large is linked, and comes back although another file took its place', async () => {
    const archive = '/var/lib/rancher/k3s/agent/images/shop.tar';
    mkdirSync(join(host.folder, 'var/lib/rancher/k3s/agent/images'), { recursive: true });
    const place = host.root(archive);
    writeFileSync(place, 'o'.repeat(2 ** 20));
    const small = host.root('/etc/small');
    writeFileSync(small, 'old');
    expect(await run(putAsideK3s('k3s', [place, small]))).toEqual({ ok: true, value: undefined });
    expect([place, small].map((path) => statSync(path).nlink)).toEqual([2, 1]);
    rmSync(place);
    writeFileSync(place, 'new');
    expect((await run(putBackK3s('k3s'))).ok).toBe(true);
    expect(readFileSync(place, 'utf8')).toBe('o'.repeat(2 ** 20));
  });

  it('takes a file away that was not there before', async () => {
    rmSync(join(host.folder, `${UNIT}.env`));
    await run(putAsideK3s('k3s'));
    write(`${UNIT}.env`, 'A=2\n', 0o600);
    await run(putBackK3s('k3s'));
    expect(read(`${UNIT}.env`)).toBeUndefined();
  });

  it('N8: keeps the binary that its unit starts, wherever that is', async () => {
    const own = '/opt/bin/k3s';
    write(own, 'old in /opt', 0o755);
    startedFrom(own);
    await run(putAsideK3s('k3s'));
    write(own, 'new in /opt', 0o755);
    startedFrom(BINARY);
    expect((await run(putBackK3s('k3s'))).ok).toBe(true);
    expect([own, BINARY].map(read)).toEqual(['old in /opt', 'old binary']);
  });

  it('needs no restart while the process from before still runs', async () => {
    await run(putAsideK3s('k3s'));
    write(CONFIG, 'token: new\n', 0o600);
    expect(await run(putBackK3s('k3s'))).toEqual({ ok: true, value: { restarted: false } });
    expect(read(CONFIG)).toBe('token: old\n');
  });

  it('stays the last proved state when a second run puts aside again', async () => {
    await run(putAsideK3s('k3s'));
    write(CONFIG, 'token: half way\n', 0o600);
    expect(await run(putAsideK3s('k3s'))).toEqual({ ok: true, value: undefined });
    await run(putBackK3s('k3s'));
    expect(read(CONFIG)).toBe('token: old\n');
  });

  it('is made anew where putting aside was cut off in the middle', async () => {
    mkdirSync(join(host.folder, 'state/aside.new'), { recursive: true });
    writeFileSync(join(host.folder, 'state/aside.new/config'), 'half');
    await run(putAsideK3s('k3s'));
    write(CONFIG, 'token: new\n', 0o600);
    await run(putBackK3s('k3s'));
    expect(read(CONFIG)).toBe('token: old\n');
  });

  it('is forgotten, also when there is nothing', async () => {
    await run(putAsideK3s('k3s'));
    expect(await run(dropAside())).toEqual({ ok: true, value: undefined });
    expect(aside()).toBe(false);
    expect(await run(dropAside())).toEqual({ ok: true, value: undefined });
  });

  it('that is not there cannot come back, and nothing is touched', async () => {
    expect(await run(putBackK3s('k3s'))).toMatchObject({
      ok: false,
      error: { code: 'put-back-failed', why: 'nothing was put aside on this host' },
    });
    expect(read(CONFIG)).toBe('token: old\n');
  });

  it('comes back on a disk that is full', async () => {
    await run(putAsideK3s('k3s'));
    write(BINARY, 'half of the new bin', 0o755);
    host.program('cp', FULL);
    expect(await run(putBackK3s('k3s'))).toMatchObject({ ok: true });
    expect(read(BINARY)).toBe('old binary');
    expect(statSync(join(host.folder, BINARY)).mode & 0o777).toBe(0o755);
  });

  it('comes back from another disk, in the room of what it replaces', async () => {
    await run(putAsideK3s('k3s'));
    write(BINARY, 'half of the new bin', 0o755);
    host.program('ln', 'echo "ln: Invalid cross-device link" >&2; exit 1');
    host.program('cp', `[ ! -e "\${3%.k3s-ha}" ] && exec /bin/cp "$@"\n${FULL}`);
    expect(await run(putBackK3s('k3s'))).toMatchObject({ ok: true });
    expect(read(BINARY)).toBe('old binary');
    expect(existsSync(join(host.folder, `${BINARY}.k3s-ha`))).toBe(false);
  });

  it('that does not fit stays aside, and no half of it beside what it should replace', async () => {
    await run(putAsideK3s('k3s'));
    write(CONFIG, 'token: new\n', 0o600);
    host.program('ln', 'exit 1');
    host.program('cp', FULL);
    expect(await run(putBackK3s('k3s'))).toMatchObject({
      ok: false,
      error: { code: 'put-back-failed', why: 'cp: error writing: No space left on device' },
    });
    expect(aside()).toBe(true);
    expect(read(CONFIG)).toBe('token: new\n');
    expect(existsSync(join(host.folder, `${CONFIG}.k3s-ha`))).toBe(false);
  });

  it('keeps files beside the configuration, which come back or go', async () => {
    const [ca, audit] = ['/etc/rancher/k3s/k3s-ha/datastore-ca.crt', '/etc/rancher/k3s/audit policy.yaml'];
    write(ca, 'old authority', 0o600);
    await run(putAsideK3s('k3s', [host.root(ca), host.root(audit)]));
    write(ca, 'new authority', 0o644);
    write(audit, 'rules: []', 0o600);
    expect(await run(putBackK3s('k3s'))).toMatchObject({ ok: true });
    expect([ca, audit].map(read)).toEqual(['old authority', undefined]);
    expect(statSync(join(host.folder, ca)).mode & 0o777).toBe(0o600);
  });

  it('adds files that the change which was cut off had not touched, and keeps what it has of the others', async () => {
    const [ca, key] = ['/etc/rancher/k3s/k3s-ha/ca.crt', '/etc/rancher/k3s/k3s-ha/client.key'];
    write(ca, 'old authority', 0o600);
    write(key, 'old key', 0o600);
    await run(putAsideK3s('k3s', [host.root(ca)]));
    write(ca, 'half way', 0o600);
    await run(putAsideK3s('k3s', [host.root(ca), host.root(key)]));
    write(ca, 'new authority', 0o600);
    write(key, 'new key', 0o600);
    await run(putBackK3s('k3s'));
    expect([ca, key].map(read)).toEqual(['old authority', 'old key']);
  });

  it('keeps the memory of what was placed, before the change and by it', async () => {
    const placed = join(host.folder, 'state/placed');
    mkdirSync(join(host.folder, 'state'), { recursive: true });
    writeFileSync(placed, 'a restart /one\n');
    await run(putAsideK3s('k3s'));
    writeFileSync(placed, 'b restart /two\n');
    await run(putBackK3s('k3s'));
    expect(read('state/placed')).toBe('a restart /one\nb restart /two\n');
  });

  it('is nothing when a file cannot be kept', async () => {
    host.program('cp', FULL);
    expect(await run(putAsideK3s('k3s'))).toMatchObject({
      ok: false,
      error: { why: 'cp: error writing: No space left on device', nextSteps: [expect.stringContaining('Free disk')] },
    });
    expect(aside()).toBe(false);
    expect(existsSync(join(host.folder, 'state/aside.new'))).toBe(false);
  });
});
