import { afterEach, describe, expect, it } from 'vitest';
import { REMOVED_UNITS_FOLDER } from '../../src/core/k3s/paths';
import { writeFile } from '../../src/core/remote/file';
import { removeUnit } from '../../src/core/remote/removeUnit';
import { controlUnit, unitStatus } from '../../src/core/remote/unit';
import { agentOf, etcdServer, eventually, startLab, type Lab } from './lab';

let lab: Lab;
afterEach(() => lab.stop());

const CONFIG = '/etc/rancher/k3s/config.yaml';

async function first(options: Parameters<typeof startLab>[0], ...config: string[]): Promise<string> {
  lab = await startLab({ servers: 2, ...options });
  await lab.bring('server-1', 'server', etcdServer(undefined, ...config));
  return lab.address('server-1');
}

async function agent(config: readonly string[]): Promise<string> {
  await lab.begin('agent-1', 'agent', config);
  return 'agent-1';
}

describe('a unit', () => {
  it('L7: whose token is put back shows nothing of the process before, and is replaced by a start', async () => {
    const through = await first({ agents: 1 });
    await agent(['token: other', `server: https://${through}:6443`]);
    await lab.journalLine('agent-1', 'not authorized');
    expect((await lab.status('agent-1')).journal.join()).toContain('not authorized');
    await lab.run('agent-1', writeFile(CONFIG, '0600', `${agentOf(through).join('\n')}\n`));
    const before = await lab.run('agent-1', controlUnit('start', 'k3s-agent'));
    expect(before).toMatchObject({ ok: true, value: expect.stringMatching(/^[0-9a-f]{32}$/) as string });
    await eventually(
      async () => (await lab.status('agent-1')).active === 'active',
      () => 'the agent does not come up',
    );
    const status = await lab.status('agent-1');
    expect(status.invocation).not.toBe(before.ok ? before.value : '');
    expect(status.journal.join()).not.toContain('not authorized');
    expect(status.journal.join()).toContain('k3s agent is up and running');
  });

  it('M14: tells its invocation, which a restart changes and a start of what runs does not', async () => {
    await first({});
    const { invocation } = await lab.status('server-1');
    expect(await lab.run('server-1', controlUnit('start', 'k3s'))).toEqual({ ok: true, value: '' });
    expect((await lab.status('server-1')).invocation).toBe(invocation);
    expect(await lab.run('server-1', controlUnit('restart', 'k3s'))).toEqual({ ok: true, value: invocation });
    const silent = await lab.run(
      'server-1',
      unitStatus('k3s', { before: invocation, journalLines: 50, waitSeconds: 0, known: '' }),
    );
    expect(silent.ok && silent.value.invocation === invocation ? silent.value.journal : []).toEqual([]);
    await eventually(
      async () => (await lab.status('server-1')).invocation !== invocation,
      () => 'not restarted',
    );
  });

  it('N13: of the other role goes with its files put aside, but not while it runs or a server has left data', async () => {
    const through = await first({ agents: 1 });
    await lab.bring('agent-1', 'agent', agentOf(through));
    const file = '/etc/systemd/system/k3s.service';
    await lab.run('agent-1', writeFile(file, '0644', '[Service]\n'));
    const data = '/var/lib/rancher/k3s';
    await lab.run('agent-1', writeFile('/srv/k3s/server/token', '0600', 'secret'));
    expect(await lab.run('agent-1', removeUnit('k3s', [data, '/srv/k3s']))).toMatchObject({
      ok: false,
      error: { code: 'unit-holds-data', why: 'There is /srv/k3s/server/token.' },
    });
    expect(await lab.run('agent-1', removeUnit('k3s-agent', []))).toMatchObject({ error: { code: 'unit-runs' } });
    expect(await lab.run('agent-1', removeUnit('k3s', [data]))).toEqual({ ok: true, value: 'removed' });
    const seen = lab.fleet.inspect('agent-1');
    expect([seen.file(file), seen.file(`${REMOVED_UNITS_FOLDER}/k3s.service`)?.content]).toEqual([
      undefined,
      '[Service]\n',
    ]);
    expect(await lab.run('agent-1', removeUnit('k3s', [data]))).toEqual({ ok: true, value: 'absent' });
    expect((await lab.status('agent-1')).active).toBe('active');
  });
});
