import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readClusterLease, writeClusterLease } from '../../../src/core/remote/clusterLease';
import { shellHost, type ShellHost } from '../../support/shellHost';

const LEASE = { holder: `ada"s $(id) 'laptop'`, since: 1_790_000_000_000, renewed: 1_790_000_020_500, seconds: 90 };

/** A kubectl that keeps what it is given, and gives back what it keeps. */
const KUBECTL = `echo "$*" > "$HOST/asked"
case $2 in
  get) cat "$HOST/lease" 2>/dev/null || : ;;
  *) cat > "$HOST/lease"; cat "$HOST/lease" ;;
esac`;

describe.each(['/bin/dash', '/bin/bash'])('the lease in the cluster under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    host.program('date', 'echo 1790000100');
    host.program('k3s', KUBECTL);
  });
  afterEach(() => host.remove());

  const file = (name: string): string => readFileSync(join(host.folder, name), 'utf8');

  it('is written over the version that was read, whatever its holder is called', async () => {
    const command = writeClusterLease(LEASE, '41');
    expect(command.parse(await host.run(command))).toEqual({ ok: true, value: '41' });
    expect(file('asked')).toMatch(/^kubectl replace -f - /);
    expect(JSON.parse(file('lease'))).toEqual({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'k3s-ha', namespace: 'kube-system', resourceVersion: '41' },
      spec: {
        holderIdentity: LEASE.holder,
        leaseDurationSeconds: 90,
        acquireTime: '2026-09-21T14:13:20.000000Z',
        renewTime: '2026-09-21T14:13:40.500000Z',
      },
    });
    const read = readClusterLease();
    expect(read.parse(await host.run(read))).toEqual({
      ok: true,
      value: { now: 1_790_000_100_000, lease: { ...LEASE, version: '41' } },
    });
  });

  it('is created where there is none', async () => {
    const read = readClusterLease();
    expect(read.parse(await host.run(read))).toEqual({ ok: true, value: { now: 1_790_000_100_000 } });
    await host.run(writeClusterLease(LEASE));
    expect(file('asked')).toMatch(/^kubectl create -f - /);
    expect(file('lease')).not.toContain('resourceVersion');
  });

  it('is not read when kubectl fails, which says why', async () => {
    host.program('k3s', 'echo "The connection was refused" >&2; exit 1');
    const read = readClusterLease();
    expect(read.parse(await host.run(read))).toMatchObject({ error: { why: 'The connection was refused' } });
  });
});

describe('what kubectl says of the lease', () => {
  const { parse: parseWritten } = writeClusterLease(LEASE, '41');
  const { parse: parseRead } = readClusterLease();
  const output = { stdout: '', stderr: '', exitCode: 0 };

  it.each([
    'Error from server (Conflict): error when replacing "STDIN": Operation cannot be fulfilled on leases.coordination.k8s.io "k3s-ha": the object has been modified',
    'Error from server (AlreadyExists): error when creating "STDIN": leases.coordination.k8s.io "k3s-ha" already exists',
    'Error from server (NotFound): error when replacing "STDIN": leases.coordination.k8s.io "k3s-ha" not found',
  ])('"%s" means that somebody else was faster', (stderr) => {
    expect(parseWritten({ ...output, stderr, exitCode: 1 })).toEqual({ ok: true, value: undefined });
  });

  it('otherwise is a failure with its words', () => {
    const stderr = 'Error from server (Forbidden): leases is forbidden';
    expect(parseWritten({ ...output, stderr, exitCode: 1 })).toMatchObject({ error: { why: stderr } });
    expect(parseWritten({ ...output, stdout: 'created' })).toMatchObject({ error: { code: 'cluster-lease-failed' } });
  });

  it('that is no lease is a failure, and fields of other types are not said', () => {
    expect(parseRead({ ...output, stdout: '1790000000\nhello' }).ok).toBe(false);
    expect(parseRead({ ...output, stdout: '{}' }).ok).toBe(false);
    const odd = { metadata: { resourceVersion: '7' }, spec: { holderIdentity: 3, renewTime: 'soon' } };
    expect(parseRead({ ...output, stdout: `1790000000\n${JSON.stringify(odd)}` })).toMatchObject({
      value: { lease: { version: '7', holder: '', since: 0, renewed: 0, seconds: 0 } },
    });
  });
});
