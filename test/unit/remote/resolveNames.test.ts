import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unknownNames } from '../../../src/core/remote/resolveNames';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('names that a machine looks up under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(() => host.remove());

  async function ask(...names: readonly string[]) {
    const command = unknownNames(names);
    return command.parse(await host.run(command));
  }

  it('are those without any address, however it is found', async () => {
    host.program(
      'getent',
      `case "$1 $2" in
  'ahosts db.lan') printf '10.0.0.9 STREAM db.lan\\n10.0.0.9 DGRAM\\n' ;;
  'hosts old.lan') echo '10.0.0.8 old.lan' ;;
  *) exit 2 ;;
esac`,
    );
    expect(await ask('db.lan', 'old.lan', 'gone.lan', '-x')).toEqual({ ok: true, value: ['gone.lan', '-x'] });
  });

  it('of the real resolver are found for the machine itself', async () => {
    expect(await ask('localhost', 'nobody.invalid')).toEqual({ ok: true, value: ['nobody.invalid'] });
  });
});
