import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkHosts, type HostReport } from '../../src/engine/checks/checkHosts';
import { ok } from '../../src/core/base/result';
import { agreedDoor } from '../support/agreedDoor';
import { clusterFile, TOKEN } from './clusterFile';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { engineFor, type Engine } from './engine';
import { tracesBefore, tracesOf } from './traces';

const skipReason = fleetSkipReason();
if (skipReason !== undefined) console.warn(skipReason);

const NAMES = ['server-1', 'agent-1', 'agent-2'];

describe.skipIf(skipReason !== undefined)('checking hosts of the fleet', () => {
  let fleet: Fleet;
  let engine: Engine;

  beforeAll(async () => {
    fleet = await startFleet({ hosts: NAMES.map((name) => ({ name })) });
    const text = clusterFile(fleet, {
      servers: ['server-1'],
      agents: ['agent-1', 'agent-2'],
      balancer: fleet.host('server-1').address,
    });
    engine = await engineFor(fleet, text, { token: TOKEN });
  });
  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  async function check(signal?: AbortSignal): Promise<HostReport> {
    const secrets = agreedDoor({ resolve: async (written) => ok(written) });
    const report = await checkHosts(
      engine.cluster,
      { hosts: engine.hosts, secrets, parallel: 16 },
      signal === undefined ? {} : { signal },
    );
    if (!report.ok) throw new Error(report.error.message);
    return report.value;
  }

  /** Has something happen while all listen and some still knock: a port of agent-1 answers nobody for the time of the check. */
  async function checkWhile(happens: () => Promise<unknown>, signal?: AbortSignal): Promise<HostReport> {
    const drop = (verb: 'I' | 'D') =>
      fleet.host('agent-1').mustExec(`iptables -${verb} INPUT -p udp --dport 8472 -j DROP`);
    await drop('I');
    try {
      const checking = check(signal);
      for (const { name } of fleet.hosts)
        await until(
          `a listener on ${name}`,
          30_000,
          async () => ((await listeners(name)) === '' ? undefined : true),
          50,
        );
      await happens();
      return await checking;
    } finally {
      await drop('D');
    }
  }

  const listeners = async (name: string): Promise<string> =>
    (await fleet.host(name).exec('pgrep -f "[k]3s-ha-listen"')).stdout;
  const allListeners = () => Promise.all(NAMES.map(listeners));

  const errors = ({ findings }: HostReport): readonly string[] =>
    findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);

  it('reaches every port of every machine, and leaves nothing behind', async () => {
    const before = await tracesBefore(fleet.hosts);
    const report = await check();
    expect([report.examined, errors(report)]).toEqual([3, []]);
    expect(report.findings.filter(({ id }) => id === 'port-not-tried')).toEqual([]);
    await expect.poll(() => tracesOf(fleet.hosts), { timeout: 10_000 }).toEqual(before);
  });

  it('is given up by its operator, and nobody listens any more when it says so', async () => {
    const stop = new AbortController();
    await checkWhile(async () => stop.abort(), stop.signal);
    expect(await allListeners()).toEqual(['', '', '']);
  });

  it('loses its connections while all listen: listeners are gone, and no port that was open is called shut', async () => {
    const report = await checkWhile(() => fleet.host('agent-2').mustExec('pkill -KILL -f "^sshd: auto"'));
    expect(await allListeners()).toEqual(['', '', '']);
    expect(errors(report).filter((message) => !message.includes('8472/udp of agent-1'))).toEqual([]);
    expect((await check()).findings.filter(({ id }) => id.startsWith('port-'))).toEqual([]);
  });

  it('has a listener lose its power: its ports are not called shut, and nobody listens when it is back', async () => {
    const report = await checkWhile(() => fleet.host('agent-2').powerOff());
    await fleet.host('agent-2').powerOn();
    expect(errors(report).filter((message) => message.includes('of agent-2'))).toEqual([]);
    expect(report.findings.filter(({ id }) => id === 'port-not-tried').map(({ machine }) => machine)).toContain(
      'agent-2',
    );
    expect(await allListeners()).toEqual(['', '', '']);
    expect((await check()).findings.filter(({ id }) => id.startsWith('port-'))).toEqual([]);
  });

  it('tells a port that a filter shuts, one that another program has, and remains of another Kubernetes', async () => {
    await fleet.host('agent-1').mustExec('iptables -I INPUT -p udp --dport 8472 -j DROP');
    await fleet.host('agent-1').mustExec('iptables -I INPUT -p tcp --dport 10250 -j REJECT');
    await fleet.host('agent-2').mustExec('mkdir -p /var/lib/k0s/data');
    await fleet
      .host('agent-2')
      .mustExec(
        `systemd-run --unit=other-program perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 10250, Listen => 5, ReuseAddr => 1) or die; print "up"; accept(my $c, $s) while 1' && for try in 1 2 3 4 5 6 7 8 9 10; do ss -lntH | grep -q :10250 && break; sleep 0.2; done`,
      );
    const report = await check();
    expect([...errors(report)].sort()).toEqual([
      'Port 10250 is already in use on agent-2; K3s would stop with "bind: address already in use"',
      'server-1 and agent-2 do not reach 10250/tcp of agent-1: refused',
      'server-1 and agent-2 do not reach 8472/udp of agent-1: no answer',
    ]);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ id: 'other-kubernetes', severity: 'warning', machine: 'agent-2' }),
    );
  });

  it('names a host that answers with more or less than was asked: start-up files, shells, systems', async () => {
    const host = fleet.host('agent-2');
    const found = async (): Promise<readonly string[]> =>
      (await check()).findings.flatMap(({ id, machine, message, why, nextSteps }) =>
        machine === 'agent-2' && /^(?:host-not-examined|distribution-unknown|arch)/.test(id)
          ? [[id, message, why, ...nextSteps].join('|')]
          : [],
      );
    const afresh = async (): Promise<void> => {
      await host.exec('pkill -KILL -f "^sshd: auto"');
    };
    await host.mustExec(
      'cp -L /etc/os-release /run/os-release; rm -f /etc/os-release; echo "no such thing" > /etc/os-release',
    );
    expect(await found()).toEqual([
      expect.stringMatching(/^distribution-unknown\|agent-2 does not say which distribution it runs/),
    ]);
    await host.mustExec('rm /etc/os-release; cat /run/os-release > /etc/os-release');
    // Before the login, and after it on a terminal alone: neither is part of an answer.
    await host.mustExec(
      `echo 'Banner /etc/motd' >> /etc/ssh/sshd_config; echo 'Authorised use only' > /etc/motd; systemctl reload ssh`,
    );
    await afresh();
    expect(await found()).toEqual([]);
    await host.mustExec(
      `printf 'echo Welcome to the lab\n' | cat - ~auto/.bashrc > /run/rc 2>/dev/null || printf 'echo Welcome to the lab\n' > /run/rc; cp ~auto/.bashrc /run/rc.before 2>/dev/null || : > /run/rc.before; cat /run/rc > ~auto/.bashrc; usermod -s /bin/bash auto`,
    );
    await afresh();
    expect(await found()).toEqual([
      expect.stringMatching(
        /^host-not-examined\|.*agent-2.*does not run commands in a POSIX shell.*Welcome to the lab.*remove output from its shell start-up files/,
      ),
    ]);
    await host.mustExec('cat /run/rc.before > ~auto/.bashrc; usermod -s /usr/sbin/nologin auto');
    await afresh();
    expect(await found()).toEqual([
      expect.stringMatching(/^host-not-examined\|.*agent-2.*currently not available.*a login shell such as/),
    ]);
    await host.mustExec('usermod -s /bin/bash auto');
    await afresh();
    expect(await found()).toEqual([]);
  });
});
