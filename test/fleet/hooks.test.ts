import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clusterFile, TOKEN } from './clusterFile';
import { startFleet, type Fleet } from './driver/fleet';
import { readInstallScript } from './driver/k3sDouble';
import { fleetSkipReason } from './driver/requirements';
import { engineFor, type Engine } from './engine';

const [OLD, NEW] = ['v1.36.2+k3s1', 'v1.36.3+k3s1'];
const NODES = ['server-1', 'agent-1', 'agent-2'];
/** Seconds that nobody else on this machine sleeps for. */
const HANGS = 86_461;

/** Writes down on the host which hook this is, and what runs there meanwhile. */
const noting = (moment: string): string => `#!/bin/sh
unit=k3s; [ "$K3S_HA_ROLE" = server ] || unit=k3s-agent
echo "${moment} $K3S_HA_NODE $(k3s --version 2>/dev/null | awk 'NR == 1 {print $3}') $(systemctl is-active $unit)" >> /root/hooks
`;

describe.skipIf(fleetSkipReason() !== undefined)('hooks around the changes of real hosts', () => {
  let fleet: Fleet;
  let engine: Engine;
  let labels = 0;

  /** The engine for a file of this release with these hooks and their scripts; agents get a new label each time. */
  async function as(version: string, hooks: string, scripts: Readonly<Record<string, string>>): Promise<void> {
    const balancer = fleet.host('server-1').address;
    labels += 1;
    const text = clusterFile(fleet, { servers: ['server-1'], agents: NODES.slice(1), balancer, version })
      .replace('k3s:\n', 'k3s:\n  install: { scriptUrl: ./install.sh }\n')
      .replace('agents:\n', `agents:\n  config: { node-label: [turn=${labels}] }\n`);
    await engine?.dispose();
    engine = await engineFor(fleet, `${text}hooks:\n${hooks}`, { token: TOKEN });
    mkdirSync(join(engine.folder, 'hooks'));
    writeFileSync(join(engine.folder, 'install.sh'), await readInstallScript());
    for (const [name, script] of Object.entries(scripts)) writeFileSync(join(engine.folder, 'hooks', name), script);
  }
  const noted = async (name: string): Promise<string[]> =>
    (await fleet.host(name).mustExec('cat /root/hooks 2>/dev/null || true')).trim().split('\n');
  const sleeping = (text: string): boolean => text.includes(`sleep ${HANGS}`);

  const AROUND = `  - { when: before apply, run: ./hooks/before.sh }
  - { when: after apply, run: ./hooks/after.sh }
  - { when: before node-upgrade, run: ./hooks/here.sh, on: here }
  - { when: before node-upgrade, run: ./hooks/before-upgrade.sh }
  - { when: after node-upgrade, run: ./hooks/after-upgrade.sh }
`;
  const SCRIPTS = {
    'before.sh': noting('before'),
    'after.sh': noting('after'),
    'before-upgrade.sh': noting('before-upgrade'),
    'after-upgrade.sh': noting('after-upgrade'),
    'here.sh': '#!/bin/sh\necho "$K3S_HA_NODE $K3S_HA_VERSION" >> hooks/here.txt\n',
  };

  beforeAll(async () => {
    fleet = await startFleet({ hosts: NODES.map((name) => ({ name })), k3sVersions: [OLD, NEW] });
  });
  beforeEach(() => Promise.all(NODES.map((name) => fleet.host(name).mustExec('rm -f /root/hooks'))));

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('run before and after a first installation, and those of an upgrade do not', async () => {
    await as(OLD, AROUND, SCRIPTS);
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    for (const name of NODES)
      expect(await noted(name)).toEqual([`before ${name}  inactive`, `after ${name} ${OLD} active`]);
    expect(existsSync(join(engine.folder, 'hooks/here.txt'))).toBe(false);
    expect((await engine.plan()).plan.steps).toEqual([]);
  });

  it('of an upgrade stand nearer to it, here and on the host, machine by machine', async () => {
    await as(NEW, AROUND, SCRIPTS);
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    for (const name of NODES)
      expect(await noted(name)).toEqual([
        `before ${name} ${OLD} active`,
        `before-upgrade ${name} ${OLD} active`,
        `after-upgrade ${name} ${NEW} active`,
        `after ${name} ${NEW} active`,
      ]);
    expect(readFileSync(join(engine.folder, 'hooks/here.txt'), 'utf8')).toBe(
      NODES.map((name) => `${name} ${NEW}\n`).join(''),
    );
  });

  it('that fail before a change leave that machine as it is', async () => {
    const failing = '#!/bin/sh\n[ "$K3S_HA_NODE" != agent-2 ] || { echo "no snapshot of $K3S_HA_NODE"; exit 3; }\n';
    await as(NEW, '  - { when: before apply, run: ./hooks/fails.sh }\n', { 'fails.sh': failing });
    const look = 'sha256sum /etc/rancher/k3s/config.yaml; systemctl show k3s-agent -p InvocationID';
    const before = await fleet.host('agent-2').mustExec(look);
    const report = await engine.run(await engine.plan());
    expect(report.result).toBe('failed');
    expect(report.problems).toMatchObject([
      { code: 'hook-failed', host: 'agent-2', details: ['no snapshot of agent-2'] },
    ]);
    expect(await fleet.host('agent-2').mustExec(look)).toBe(before);
    expect(await fleet.host('agent-1').mustExec('cat /etc/rancher/k3s/config.yaml')).toContain(`turn=${labels}`);
  });

  it.each(['host', 'here'])('that hang are ended at their limit, and leave no process: on %s', async (where) => {
    const hanging = `#!/bin/sh\n[ "$K3S_HA_NODE" = agent-1 ] || exit 0\ntrap '' TERM\nsleep ${HANGS} &\nsleep ${HANGS}\n`;
    const hook = `  - { when: before apply, run: ./hooks/hangs.sh, on: ${where}, timeout: 3s }\n`;
    await as(NEW, hook, { 'hangs.sh': hanging });
    let seen = false;
    const processes = async (): Promise<string> =>
      where === 'here'
        ? execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
        : fleet.host('agent-1').mustExec('ps -eo pid,args');
    let over = false;
    const run = engine.run(await engine.plan()).finally(() => (over = true));
    await expect
      .poll(async () => (seen ||= sleeping(await processes())) || over, { timeout: 60_000, interval: 100 })
      .toBe(true);
    const report = await run;
    expect(seen).toBe(true);
    expect(report.problems[0]).toMatchObject({ code: 'hook-failed', host: 'agent-1' });
    expect(report.problems[0]?.why).toMatch(/ran longer than 3 ?s/);
    await expect.poll(async () => sleeping(await processes()), { timeout: 10_000 }).toBe(false);
    expect((await fleet.host('agent-1').exec('ls -d /var/lib/k3s-ha/hook.*')).stdout).not.toMatch(
      /hook\.[A-Za-z0-9]{6}$/m,
    );
  });
});
