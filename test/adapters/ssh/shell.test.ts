import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readJournal } from '../../../src/core/remote/journal';
import type { HostTarget, RemoteShell } from '../../../src/engine/ports';
import { startSshd, writeKnownHosts, type Sshd } from './support/sshd';
import { createWorkplace, eventually, output, shell, target, type Workplace } from './support/workplace';

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => place.close());

/** A shell that says what it is asked, without the start-up files of this machine. */
const PLAIN = { PS1: '$ ', ENV: '', HISTFILE: '' };

/** The inner machine, reached directly or only through the outer one, by either client. */
async function machine(
  way: 'direct' | 'jump',
  client: 'builtin' | 'openssh',
): Promise<{ at: HostTarget; inner: Sshd }> {
  const authorized = [place.key('mine')];
  const inner = await startSshd(place, { authorized, env: PLAIN });
  const outer = await startSshd(place, { authorized });
  writeKnownHosts(place, `${inner.knownHostsLine('ed25519')}\n${outer.knownHostsLine('ed25519')}`);
  if (way === 'jump')
    place.file(
      '.ssh/config',
      [
        `Host 127.0.0.1`,
        `  IdentityFile ${join(place.home, 'mine')}`,
        `Match originalhost 127.0.0.1 exec "test %p = ${inner.port}"`,
        `  ProxyJump 127.0.0.1:${outer.port}`,
        '',
      ].join('\n'),
    );
  return { at: target('127.0.0.1', { port: inner.port, identityFiles: ['mine'], client }), inner };
}

describe.each([
  ['direct', 'builtin'],
  ['direct', 'openssh'],
  ['jump', 'builtin'],
  ['jump', 'openssh'],
] as const)('a shell on a machine: %s, by the client %s', (way, client) => {
  test('takes what is typed, knows the size of the terminal, and tells how it ended', async () => {
    const { at } = await machine(way, client);
    let said = '';
    const opened = await place
      .hosts()
      .openShell(at, { size: { columns: 91, rows: 33 }, onData: (text) => (said += text) });
    if (!opened.ok) throw new Error(`${opened.error.message}: ${opened.error.why}`);
    const { write, resize, ended }: RemoteShell = opened.value;
    write('stty size; tty -s && echo on a "termi"nal\n');
    await eventually(() => expect(said).toMatch(/33 91[^]*on a terminal/));
    resize({ columns: 120, rows: 40 });
    write('stty size\n');
    await eventually(() => expect(said).toMatch(/40 120/));
    write('echo "gr"üße; exit 7\n');
    expect(await ended).toEqual({ kind: 'exited', exitCode: 7 });
    expect(said).toContain('grüße');
  });

  test('that loses its machine says so, and one that is closed ends', async () => {
    const { at, inner } = await machine(way, client);
    const open = async (): Promise<RemoteShell> => {
      const opened = await place.hosts().openShell(at, { size: { columns: 80, rows: 24 }, onData: () => undefined });
      if (!opened.ok) throw new Error(`${opened.error.message}: ${opened.error.why}`);
      return opened.value;
    };
    const closed = await open();
    closed.close();
    expect((await closed.ended).kind).toBe('exited');
    const lost = await open();
    lost.write('kill -9 $PPID\n');
    expect(await lost.ended).toMatchObject({ kind: 'lost', problem: { code: 'connection-lost' } });
    expect(inner.log()).toContain('Accepted publickey');
  });

  test('runs commands, and the journal goes on until somebody ends it', async () => {
    const { at } = await machine(way, client);
    place.file(
      'bin/journalctl',
      '#!/bin/sh\nfor i in 1 2 3; do echo "line $i"; sleep 0.1; done\nexec sleep 60\n',
      0o755,
    );
    const hosts = place.hosts();
    expect(output(await hosts.run(at, shell('echo "$SSH_CONNECTION"'))).stdout).toMatch(
      /^127\.0\.0\.1 \d+ 127\.0\.0\.1 \d+\n$/,
    );
    const given = new AbortController();
    let lines = '';
    const command = { ...readJournal('k3s', { lines: 3, follow: true }), sudo: false };
    const text = `PATH=${join(place.home, 'bin')}:$PATH\n${command.script.text}`;
    const following = hosts.run(
      at,
      { ...command, script: { ...command.script, text } },
      {
        signal: given.signal,
        sink: async (piece) => void (lines += Buffer.from(piece).toString()),
      },
    );
    await eventually(() => expect(lines).toContain('line 3'));
    given.abort();
    expect((await following).kind).not.toBe('done');
  });
});
