import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeImages } from '../../../src/core/remote/nodeImages';
import { dropImageCache } from '../../../src/core/remote/dropImageCache';
import { shellHost, type ShellHost } from '../../support/shellHost';

const [PAUSE, DNS, GONE] = [
  'docker.io/rancher/mirrored-pause:3.6',
  'docker.io/rancher/coredns:1.14',
  'docker.io/rancher/gone:1',
];

/** As \`ctr images ls\` prints it: a column in which labels stand, or a dash. */
const LISTING = `REF TYPE DIGEST SIZE PLATFORMS LABELS
${PAUSE} application/vnd.docker.distribution.manifest.v2+json sha256:0 294.7 KiB linux/amd64 io.cri-containerd.image=managed,io.cri-containerd.pinned=pinned
${PAUSE}-slim application/vnd.docker.distribution.manifest.v2+json sha256:0 294.7 KiB linux/amd64 -
${DNS} application/vnd.docker.distribution.manifest.v2+json sha256:1 20.1 MiB linux/amd64 io.cri-containerd.image=managed
sha256:0 application/vnd.docker.distribution.manifest.v2+json sha256:0 294.7 KiB linux/amd64 io.cri-containerd.image=managed
`;

describe.each(['/bin/dash', '/bin/bash'])('The images of a node under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program(
      'k3s',
      '[ "$*" = "ctr --namespace k8s.io images ls" ] && [ -n "$K3S_DATA_DIR" ] && cat "$HOST/listing"\n',
    );
    host.program('systemctl', '[ "$1 $2" = "show k3s-agent" ] && echo InvocationID=01d\n');
    host.program('journalctl', 'case $1 in *=01d) cat "$HOST/journal" ;; esac\n');
    put('listing', LISTING);
    put('journal', '');
  });
  afterEach(() => host.remove());

  const put = (name: string, text: string): void => writeFileSync(join(host.folder, name), text);
  async function look(...names: readonly string[]) {
    const command = nodeImages(host.folder, 'k3s-agent', names);
    return command.parse(await host.run(command));
  }

  it('are told by what is there and what kubelet keeps', async () => {
    expect(await look(PAUSE)).toEqual({
      ok: true,
      value: { loose: [], missing: [], cached: false, failures: [], over: false },
    });
    expect(await look(PAUSE, DNS, GONE)).toMatchObject({ ok: true, value: { loose: [DNS], missing: [GONE] } });
  });

  it('are told with the words of K3s about an import that failed', async () => {
    const archive = '/var/lib/rancher/k3s/agent/images/a.tar.zst';
    const line = (level: string, text: string): string => `time="2026-07-29T10:00:00Z" level=${level} msg="${text}"\n`;
    put(
      'journal',
      line('info', `Imported images from b.tar`) +
        line('error', `Error encountered while importing ${archive}: unexpected EOF`),
    );
    expect(await look(GONE)).toMatchObject({
      value: { failures: [`Error encountered while importing ${archive}: unexpected EOF`] },
    });
    expect(await look(PAUSE)).toMatchObject({ value: { failures: [] } });
  });

  it('are told to be all that come when K3s has tried every archive', async () => {
    mkdirSync(join(host.folder, 'agent/images'), { recursive: true });
    for (const name of ['a.tar.zst', 'b.tar', 'k3s-images.txt']) put(`agent/images/${name}`, '');
    const path = (name: string): string => join(host.folder, 'agent/images', name);
    put('journal', `msg="Imported images from ${path('b.tar')} in 1.2s"\n`);
    expect(await look(GONE)).toMatchObject({ value: { over: false } });
    put(
      'journal',
      `msg="Imported images from ${path('b.tar')} in 1.2s"\nmsg="Imported images from ${path('a.tar.zst')} in 2s"\n`,
    );
    expect(await look(GONE)).toMatchObject({ value: { over: true } });
  });

  it('are not imported again where K3s remembers its archives, until that is forgotten', async () => {
    mkdirSync(join(host.folder, 'agent/images'), { recursive: true });
    put('agent/images/.cache.json', '{}');
    expect(await look(PAUSE)).toMatchObject({ value: { cached: true } });
    const drop = dropImageCache(host.folder);
    expect(drop.parse(await host.run(drop))).toEqual({ ok: true, value: undefined });
    expect(await look(PAUSE)).toMatchObject({ value: { cached: false } });
  });

  it('are unknown while containerd does not answer', async () => {
    host.program('k3s', 'echo "ctr: failed to dial" >&2; exit 1\n');
    expect(await look(PAUSE)).toMatchObject({
      ok: false,
      error: { code: 'images-unreadable', why: 'ctr: failed to dial' },
    });
  });
});

it('An answer that does not tell all images is none', () => {
  const command = nodeImages('/var/lib/rancher/k3s', 'k3s', [PAUSE]);
  expect(command.parse({ exitCode: 0, stdout: '', stderr: '' })).toMatchObject({ ok: false });
});
