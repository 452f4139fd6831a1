import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskLatency } from '../../../src/core/remote/diskLatency';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('measuring a disk under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
    mkdirSync(join(host.folder, 'lib'));
  });
  afterEach(() => host.remove());

  async function measure() {
    const command = diskLatency(join(host.folder, 'lib/rancher/k3s'));
    const output = await host.run(command);
    const read = command.parse(output);
    return { output, latency: read.ok ? read.value : undefined };
  }

  it('takes place beside where the data is to be, and leaves nothing', async () => {
    const { output, latency } = await measure();
    expect(output.exitCode).toBe(0);
    expect(latency?.usual).toBeGreaterThan(0);
    expect(latency?.slow).toBeGreaterThanOrEqual(latency?.usual ?? Infinity);
    expect(readdirSync(join(host.folder, 'lib'))).toEqual([]);
  });

  it('leaves nothing either when it is ended in between', async () => {
    host.program('dd', 'ls -A "$HOST/lib" > "$HOST/there"; kill -HUP $PPID; exit 1');
    const { output } = await measure();
    expect(output.exitCode).not.toBe(0);
    expect(host.filesWith('.k3s-ha-disk.').length).toBe(1);
    expect(readdirSync(join(host.folder, 'lib'))).toEqual([]);
  });

  it('is left out where dd cannot do it', async () => {
    host.program('dd', 'echo "dd: invalid argument dsync" >&2; exit 1');
    expect((await measure()).latency).toBeUndefined();
  });
});
