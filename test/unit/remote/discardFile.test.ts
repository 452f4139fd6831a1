import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discardFile } from '../../../src/core/remote/discardFile';
import { uploadFile } from '../../../src/core/remote/upload';
import { textInput } from '../../support/localFiles';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('a snapshot that was sent for nothing under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(() => host.remove());

  it('goes again, and nothing else under its name does', async () => {
    const path = host.root('/var/lib/rancher/k3s/server/db/snapshots/far $(x)-1795739771');
    const sent = textInput('of no use');
    const run = async (command: ReturnType<typeof discardFile>): Promise<boolean> =>
      command.parse(await host.run(command)).ok;
    expect(await run(uploadFile(path, '0600', sent))).toBe(true);
    expect(await run(discardFile(path, textInput('another').sha256))).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('of no use');
    expect(await run(discardFile(path, sent.sha256))).toBe(true);
    expect(existsSync(path)).toBe(false);
    // By the same command a second time: it is gone already.
    expect(await run(discardFile(path, sent.sha256))).toBe(true);
  });
});
