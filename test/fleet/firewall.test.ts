import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clusterFile, TOKEN } from './clusterFile';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { engineFor, type Engine } from './engine';

const NAMES = ['server-1', 'agent-1'];
const INSTALL = 'apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends';

describe.skipIf(fleetSkipReason() !== undefined)('firewalls that are managed on real hosts', () => {
  let fleet: Fleet;
  let engine: Engine;
  const ids = async (): Promise<readonly string[]> => (await engine.plan()).plan.steps.map(({ id }) => id);

  beforeAll(async () => {
    fleet = await startFleet({ hosts: NAMES.map((name) => ({ name, packages: true })) });
    await Promise.all([
      fleet
        .host('server-1')
        .mustExec(`${INSTALL} ufw && ufw allow 22/tcp && ufw --force enable && ufw status | grep -q '^Status: active'`),
      fleet.host('agent-1').mustExec(`${INSTALL} firewalld && systemctl start firewalld && firewall-cmd --state`),
    ]);
    const text = clusterFile(fleet, {
      servers: ['server-1'],
      agents: ['agent-1'],
      balancer: fleet.host('server-1').address,
    });
    engine = await engineFor(fleet, `${text}hosts:\n  firewall: manage\n`, { token: TOKEN });
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('ufw and firewalld let a cluster come up that they would keep apart, and a second run finds nothing to do', async () => {
    expect((await ids()).filter((id) => id.startsWith('open-firewall'))).toEqual([
      'open-firewall:server-1',
      'open-firewall:agent-1',
    ]);
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    const nodes = await fleet.host('server-1').mustExec('k3s kubectl get nodes --no-headers');
    expect(nodes.match(/ Ready /g)).toHaveLength(2);
    expect(await ids()).toEqual([]);
  });

  it('have the rules for good, without having been read anew', async () => {
    const server = fleet.host('server-1').address;
    const [now, good] = await Promise.all(
      ['', '--permanent'].map((when) =>
        fleet
          .host('agent-1')
          .mustExec(`firewall-cmd ${when} --list-rich-rules; firewall-cmd ${when} --zone=trusted --list-sources`),
      ),
    );
    expect(now).toContain(`rule family="ipv4" source address="${server}" port port="10250" protocol="tcp" accept`);
    expect(now).toContain('10.42.0.0/16');
    expect(good?.split('\n').sort()).toEqual(now?.split('\n').sort());
    expect(await fleet.host('server-1').mustExec('cat /etc/ufw/user.rules')).toContain('--dport 6443 -j ACCEPT');
    expect(await fleet.host('agent-1').mustExec('journalctl -u firewalld --no-pager -o cat')).not.toMatch(/reload/i);
  });

  it('get back a rule that somebody has taken away, and nothing is restarted for it', async () => {
    const run = (): Promise<string> =>
      fleet.host('agent-1').mustExec('systemctl show -p InvocationID --value k3s-agent');
    const before = await run();
    await fleet.host('agent-1').mustExec('firewall-cmd --zone=trusted --remove-source=10.43.0.0/16');
    expect(await ids()).toEqual(['open-firewall:agent-1', 'await-nodes:server-1']);
    expect(await engine.run(await engine.plan())).toMatchObject({ result: 'done', problems: [] });
    expect([await ids(), await run()]).toEqual([[], before]);
  });
});
