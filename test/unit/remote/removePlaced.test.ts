import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { probe } from '../../../src/core/facts/probe';
import type { RemoteCommand } from '../../../src/core/remote/remoteCommand';
import { removePlaced } from '../../../src/core/remote/removePlaced';
import { placeFile } from '../../../src/core/remote/upload';
import { textInput } from '../../support/localFiles';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('a file that is placed under %s', (shell) => {
  let host: ShellHost;
  let audit: string;
  beforeEach(() => {
    host = shellHost(shell);
    audit = host.root('/etc/rancher/k3s/audit policy.yaml');
  });
  afterEach(() => host.remove());

  async function run<T>(command: RemoteCommand<T>): Promise<T> {
    const parsed = command.parse(await host.run(command));
    if (!parsed.ok) throw new Error(`${parsed.error.message}: ${parsed.error.why}`);
    return parsed.value;
  }
  const place = (text: string, path = audit, restart = true): Promise<void> =>
    run(placeFile(path, { mode: '0640', restart }, textInput(text), textInput(text), []));
  const record = (): string => readFileSync(join(host.folder, 'state/placed'), 'utf8');

  it('has the mode that was asked for, and is remembered for root alone', async () => {
    await place('rules: []\n');
    expect(readFileSync(audit, 'utf8')).toBe('rules: []\n');
    expect(statSync(audit).mode & 0o777).toBe(0o640);
    expect(record()).toBe(`${textInput('rules: []\n').sha256} restart ${audit}\n`);
    expect(statSync(join(host.folder, 'state/placed')).mode & 0o077).toBe(0);
  });

  it('belongs to whom it was asked for, or is not there at all', async () => {
    host.program('chown', 'echo "$@" >> "$HOST/chown.log"');
    await run(
      placeFile(audit, { mode: '0640', owner: '65534:65534', restart: false }, 'a', { size: 1, sha256: '' }, []),
    );
    expect(readFileSync(join(host.folder, 'chown.log'), 'utf8')).toMatch(/^65534:65534 /);
    host.program('chown', 'echo "chown: invalid user" >&2; exit 1');
    await expect(
      run(placeFile(audit, { mode: '0640', owner: 'nobody-here', restart: false }, 'b', { size: 1, sha256: '' }, [])),
    ).rejects.toThrow('invalid user');
    expect(readFileSync(audit, 'utf8')).toBe('a');
  });

  it('goes when nobody has changed it, also with an older content of ours', async () => {
    await place('one');
    await place('two');
    writeFileSync(audit, 'one');
    expect(await run(removePlaced(audit))).toBe('removed');
    expect(existsSync(audit)).toBe(false);
    expect(record()).toBe('');
  });

  it('stays when somebody else has changed it, and is nothing of ours any more', async () => {
    const other = host.root('/etc/rancher/k3s/other');
    await place('one');
    await place('other', other, false);
    writeFileSync(audit, 'mine now');
    expect(await run(removePlaced(audit))).toBe('changed');
    expect(readFileSync(audit, 'utf8')).toBe('mine now');
    expect(record()).toBe(`${textInput('other').sha256} live ${other}\n`);
  });

  it('may be gone already', async () => {
    await place('one', `${audit}.old`);
    expect(await run(removePlaced(audit))).toBe('absent');
  });

  it('is told by a look at the host, with its text where that is asked for and differs', async () => {
    const key = host.root('/etc/rancher/k3s/client.key');
    const gone = host.root('/etc/rancher/k3s/gone');
    await place('one\n');
    await place('gone', gone, false);
    writeFileSync(key, 'a=secret', { mode: 0o600 });
    host.program('rm', '/bin/rm "$@"');
    await run(removePlaced(gone));
    const questions = [{ path: audit, unlessSha256: textInput('two\n').sha256 }, { path: key }, { path: host.folder }];
    const look = probe(join(host.folder, 'data'), questions);
    const output = await host.run(look);
    const facts = look.parse({ ...output, stdout: `arch=x86_64\n${output.stdout}` });
    if (!facts.ok) throw new Error(facts.error.why);
    const { files, placed } = facts.value;
    const owner = expect.stringMatching(/^\S+:\S+$/) as string;
    expect(files.get(audit)).toEqual({
      kind: 'file',
      sha256: textInput('one\n').sha256,
      mode: '0640',
      owner,
      ids: owner,
      size: 4,
      text: 'one\n',
    });
    expect(files.get(key)).toEqual({
      kind: 'file',
      sha256: textInput('a=secret').sha256,
      mode: '0600',
      owner,
      ids: owner,
      size: 8,
    });
    expect(files.get(host.folder)?.kind).toBe('folder');
    expect(placed).toEqual(new Map([[audit, { sha256: [textInput('one\n').sha256], restart: true }]]));
    expect(output.stdout).not.toContain('a=secret');
  });
});
