import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveSnapshot } from '../../../src/core/remote/saveSnapshot';
import { imageProof, snapshotImage } from '../../../src/practice/k3s/snapshotImage';
import { shellHost, type ShellHost } from '../../support/shellHost';

const TOKEN_HASH = 'b7b9eb167c57';

/** As recorded: one warning for each key of the configuration, then what was done, all of it on standard error. */
const SAVED = `echo 'time="2026-11-27T00:36:10Z" level=warning msg="Unknown flag --token found in config.yaml, skipping\\n"' >&2
echo 'time="2026-11-27T00:36:11Z" level=info msg="Snapshot x-h1-1795739771 saved."' >&2`;

describe.each(['/bin/dash', '/bin/bash'])('a snapshot that is saved under %s', (shell) => {
  let host: ShellHost;
  let file: string;
  beforeEach(() => {
    host = shellHost(shell);
    file = join(host.folder, 'x-h1-1795739771');
    k3s();
  });
  afterEach(() => host.remove());

  const image = (): Buffer => snapshotImage(TOKEN_HASH, 'a cluster');

  function k3s(save = SAVED, listed?: number): void {
    host.program(
      'k3s',
      `echo "$*" >> "$HOST/asked"
case "$1 $2" in
  "etcd-snapshot save") ${save} ;;
  "etcd-snapshot ls")
    echo "Name            Location                Size    Created"
    echo "other-h1-1      file:///nowhere/other   10      2026-11-27T00:00:01Z"
    echo "x-h1-1795739771 file://${file} ${listed === undefined ? `$(($(wc -c < "${file}")))` : listed} 2026-11-27T00:36:11Z" ;;
esac
`,
    );
  }
  async function save() {
    const command = saveSnapshot('x', { tokenHash: TOKEN_HASH });
    return command.parse(await host.run(command));
  }
  const faultOf = async (bytes: Buffer): Promise<string> => {
    writeFileSync(file, bytes);
    const saved = await save();
    return saved.ok ? 'none' : (saved.error.why ?? '');
  };

  it('is found where K3s lists it, and proved', async () => {
    writeFileSync(file, image());
    expect(await save()).toEqual({
      ok: true,
      value: {
        name: 'x-h1-1795739771',
        path: file,
        proof: {
          size: 8224,
          sha256: createHash('sha256').update(image()).digest('hex'),
          form: 'plain',
          bolt: true,
          sum: 'right',
          tokenHashes: [TOKEN_HASH],
        },
      },
    });
    expect(readFileSync(join(host.folder, 'asked'), 'utf8')).toBe(
      'etcd-snapshot save --name x --etcd-snapshot-compress=false\netcd-snapshot ls --etcd-s3=false\n',
    );
  });

  it('N21: is refused when nothing can be restored from it', async () => {
    const good = image();
    const damaged = Buffer.from(good);
    damaged.write('A CLUSTER', good.indexOf('a cluster'));
    const sumChanged = Buffer.from(good);
    sumChanged.fill(0, good.length - 32);
    expect(await faultOf(Buffer.alloc(0))).toContain('it is empty');
    expect(await faultOf(good.subarray(0, 4000))).toContain('it was cut off or damaged');
    expect(await faultOf(damaged)).toContain('it was cut off or damaged');
    expect(await faultOf(sumChanged)).toContain('it was cut off or damaged');
    expect(await faultOf(good.subarray(0, -32))).toContain('it lacks the sha256 that etcd writes');
    expect(await faultOf(Buffer.from('no database at all'))).toContain('it is no database of etcd');
    expect(await faultOf(snapshotImage('000000000000', 'x'))).toContain('encrypted with another token');
    expect(await faultOf(snapshotImage('no token', 'x'))).toContain('no certificate authorities');
    k3s(SAVED, 1_298_464);
    expect(await faultOf(good)).toContain('it has 8224 bytes, but 1298464 when it was listed');
  });

  it('is looked into where it is packed, and never believed where it cannot be', async () => {
    const packed = join(host.folder, 'packed.zip');
    writeFileSync(join(host.folder, 'inner'), image());
    execFileSync('python3', [
      '-c',
      'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w", 8).write(sys.argv[2], "x")',
      packed,
      join(host.folder, 'inner'),
    ]);
    host.program('unzip', `cat "$HOST/inner"`);
    expect(await faultOf(readFileSync(packed))).toBe('none');
    host.program('unzip', `head -c 100 "$HOST/inner"`);
    expect(await faultOf(readFileSync(packed))).toContain('it was cut off or damaged');
  });

  it('is told as the host tells it on practice hosts', async () => {
    for (const bytes of [image(), image().subarray(0, 5000), image().subarray(0, -32), Buffer.alloc(0)]) {
      writeFileSync(file, bytes);
      const { stdout } = await host.run(saveSnapshot('x'));
      expect(stdout.split('\n').slice(2).join('\n')).toBe(imageProof(bytes));
    }
  });

  it('is not there when K3s says so, or says nothing', async () => {
    k3s(`echo 'time="2026-11-27T00:36:21Z" level=fatal msg="Error: etcd datastore disabled"' >&2; exit 1`);
    expect(await save()).toMatchObject({
      ok: false,
      error: { code: 'snapshot-not-saved', why: 'Error: etcd datastore disabled' },
    });
    k3s(':');
    expect(await save()).toMatchObject({ ok: false, error: { code: 'snapshot-not-saved' } });
    k3s();
    expect(await save()).toMatchObject({ ok: false, error: { code: 'snapshot-not-found' } });
  });
});
