import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tunnels } from '../../../src/core/remote/tunnels';
import { shellHost, type ShellHost } from '../../support/shellHost';

describe.each(['/bin/dash', '/bin/bash'])('The kubelets of all nodes are asked through a server, under %s', (shell) => {
  let host: ShellHost;
  beforeEach(() => {
    host = shellHost(shell);
  });
  afterEach(() => host.remove());

  it('each, however many there are, and what one says instead is kept', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `agent-${i + 1}`);
    host.program(
      'k3s',
      `case $* in
  *"get nodes"*) printf 'node/%s\\n' ${names.join(' ')};;
  *nodes/agent-7/proxy/healthz*) echo 'Warning: x' >&2; echo 'Error from server: failed to find Session for client agent-7' >&2; exit 1;;
  *) printf ok;;
esac\n`,
    );
    const command = tunnels();
    const answers = command.parse(await host.run(command));
    expect(answers.ok && [...answers.value.keys()].sort()).toEqual([...names].sort());
    expect(answers.ok && [...answers.value].filter(([, said]) => said !== undefined)).toEqual([
      ['agent-7', 'Error from server: failed to find Session for client agent-7'],
    ]);
  });

  it('and a server that cannot list them says so', async () => {
    host.program('k3s', 'echo refused >&2; exit 1\n');
    const command = tunnels();
    expect(command.parse(await host.run(command))).toMatchObject({ ok: false, error: { why: 'refused' } });
  });
});
