import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveReaders } from '../../src/adapters/archives/archiveReaders';
import { databaseClients } from '../../src/adapters/databases/clients';
import { createArtifacts } from '../../src/adapters/files/artifacts';
import { createCliSecrets } from '../../src/adapters/secrets/cliSecrets';
import { certificates } from '../../src/adapters/system/certificates';
import { systemClock } from '../../src/adapters/system/clock';
import { sha256 } from '../../src/adapters/system/sha256';
import { checkHosts } from '../../src/engine/checks/checkHosts';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import { writeFile } from '../../src/core/remote/file';
import { target } from '../../src/engine/hosts/targets';
import { agreedDoor } from '../support/agreedDoor';
import { expectNodes } from './byHand';
import { clusterFile, TOKEN } from './clusterFile';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { until } from './driver/run';
import { startHaproxy, startMariadb } from './driver/services';
import { OPS_PASSWORD, PLAIN_PASSWORD } from './driver/users';
import { engineFor, type Engine } from './engine';

const SECRETS = { token: TOKEN, ops: OPS_PASSWORD, plain: PLAIN_PASSWORD, wrong: 'not the password', db: 'p@ss/word' };

/** Has sudo keep programs of root and those of /usr/local from whoever uses it. */
const SECURE_PATH = `echo 'Defaults secure_path="/usr/bin:/bin"' > /etc/sudoers.d/path && chmod 440 /etc/sudoers.d/path && su auto -c 'sudo sh -c "! command -v k3s"'`;

const stepIds = (prepared: Awaited<ReturnType<Engine['plan']>>): string[] => prepared.plan.steps.map(({ id }) => id);

describe.skipIf(fleetSkipReason() !== undefined)('the engine on real hosts: embedded etcd', () => {
  const SERVERS = ['server-1', 'server-2', 'server-3'];
  const AGENTS = ['agent-1', 'agent-2'];
  let fleet: Fleet;
  let engine: Engine;
  let kubeconfig: string;
  const withAgent = (ssh: string): string =>
    clusterFile(fleet, {
      servers: SERVERS,
      agents: AGENTS,
      balancer: fleet.host('lb').address,
      more: (name) => (name === 'agent-1' ? `      ssh: ${ssh}\n` : ''),
    });
  const mainPids = (): Promise<string[]> =>
    Promise.all(
      [...SERVERS, ...AGENTS].map((name) =>
        fleet.host(name).mustExec('systemctl show -p MainPID --value k3s k3s-agent'),
      ),
    );

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [...[...SERVERS, ...AGENTS].map((name) => ({ name })), { name: 'lb', services: true }],
    });
    const balancer = fleet.host('lb').address;
    await startHaproxy(
      fleet.host('lb'),
      SERVERS.map((name) => fleet.host(name)),
    );
    // As on Red Hat, and stricter: sudo finds no program of root, and no K3s.
    for (const name of ['server-1', 'agent-2']) await fleet.host(name).mustExec(SECURE_PATH);
    // One host is entered as a user whose sudo asks for a password.
    const more = (name: string): string =>
      name === 'server-2'
        ? '      ssh:\n        user: ops\n        password: ${secret:ops}\n        sudoPassword: ${secret:ops}\n'
        : '';
    engine = await engineFor(fleet, clusterFile(fleet, { servers: SERVERS, agents: AGENTS, balancer, more }), SECRETS);
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('plans from one look at each host', async () => {
    const { plan, situation } = await engine.plan();
    expect(plan.problems).toEqual([]);
    expect(situation.facts.get('server-1')).toMatchObject({
      init: 'systemd',
      arch: 'x86_64',
      defaultRoute: true,
      units: {},
    });
    // Three of each machine, and the proofs of nodes and tunnels.
    expect(plan.steps).toHaveLength(5 * 3 + 2);
  });

  it('finishes a run whose SSH session was killed in the middle of a step', async () => {
    let killed: Promise<string> | undefined;
    const report = await engine.run(await engine.plan(), (event) => {
      if (event.type === 'step' && event.step === 'start:server-1' && event.state === 'running') {
        killed = new Promise((resolve) => setTimeout(resolve, 300)).then(() =>
          fleet.host('server-1').mustExec('pkill -KILL -u auto sshd; true'),
        );
      }
    });
    await killed;
    expect(report.states.get('start:server-1')).toBe('unknown');
    expect(report.states.get('start:server-2')).toBe('skipped');
    const next = await engine.plan();
    expect(stepIds(next).filter((id) => id.startsWith('install') || id.startsWith('write'))).toEqual([]);
    const second = await engine.run(next);
    expect(second.problems).toEqual([]);
    expect(second.result).toBe('done');
  });

  it('gives a kubeconfig that works through HAProxy, with five Ready nodes', async () => {
    const fetched = await fetchKubeconfig(engine.cluster, engine.hosts, engine.api);
    if (!fetched.ok) throw new Error(fetched.error.message);
    kubeconfig = fetched.value.prepared.text;
    expect(fetched.value.prepared.server).toBe(`https://${fleet.host('lb').address}:6443`);
    await expectNodes(fleet, kubeconfig, Object.fromEntries([...SERVERS, ...AGENTS].map((name) => [name, 'Ready'])));
  });

  it('has written what it should, for root only', async () => {
    const config = await fleet
      .host('server-2')
      .mustExec('stat -c "%a %U" /etc/rancher/k3s/config.yaml; cat /etc/rancher/k3s/config.yaml');
    expect(config).toMatch(/^600 root\n/);
    expect(config).toContain(`server: https://${fleet.host('server-1').address}:6443`);
    // Whoever joins checks the authority of the cluster before it says the password; the first server made that authority.
    const hash = (
      await fleet.host('server-1').mustExec('sha256sum < /var/lib/rancher/k3s/server/tls/server-ca.crt')
    ).split(' ')[0];
    expect(config).toContain(`token: K10${hash}::server:${TOKEN}`);
    expect(await fleet.host('server-1').mustExec('cat /etc/rancher/k3s/config.yaml')).toContain(`token: ${TOKEN}`);
    expect(config).not.toContain(OPS_PASSWORD);
    const units = await fleet.host('agent-1').mustExec('systemctl is-enabled k3s-agent; ls -A /etc/rancher/k3s');
    expect(units.split('\n')).toEqual(['enabled', 'config.yaml', '']);
  });

  it('has let no secret out: not into the journal, the log, the events, the hosts’ journals or unit files', async () => {
    const hosts = await Promise.all(
      [...SERVERS, ...AGENTS].map((name) =>
        fleet
          .host(name)
          .mustExec('journalctl --no-pager -o cat; cat /etc/systemd/system/k3s*.service; ls /var/lib/k3s-ha'),
      ),
    );
    for (const secret of [TOKEN, OPS_PASSWORD])
      for (const text of [engine.journal(), engine.told.join('\n'), ...hosts]) expect(text).not.toContain(secret);
  });

  it('changes and restarts nothing in a second run', async () => {
    const before = await mainPids();
    const again = await engine.plan();
    expect(stepIds(again)).toEqual([]);
    expect((await engine.run(again)).result).toBe('done');
    expect(await mainPids()).toEqual(before);
  });

  it('N13: takes away a second unit of K3s, and restarts nothing for it', async () => {
    const host = fleet.host('agent-1');
    await host.mustExec(
      `printf '[Unit]\\nDescription=stray\\n[Service]\\nExecStart=/usr/local/bin/k3s server\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/k3s.service && echo K3S_TOKEN=stray > /etc/systemd/system/k3s.service.env && systemctl daemon-reload && systemctl enable k3s`,
    );
    const before = await mainPids();
    const prepared = await engine.plan();
    expect(stepIds(prepared)).toEqual(['remove-unit:agent-1:k3s', 'await-nodes:server-1']);
    expect((await engine.run(prepared)).problems).toEqual([]);
    const left = await host.mustExec(
      'systemctl is-enabled k3s 2>&1; ls /etc/systemd/system/multi-user.target.wants | grep k3s; ls /var/lib/k3s-ha/removed-units',
    );
    expect(left.split('\n').filter((line) => line.startsWith('k3s'))).toEqual([
      'k3s-agent.service',
      'k3s.service',
      'k3s.service.env',
    ]);
    expect(await mainPids()).toEqual(before);
    expect(stepIds(await engine.plan())).toEqual([]);
  });

  it('leaves the old file in place when the disk is full', async () => {
    const host = fleet.host('agent-2');
    await host.fillDisk('/etc/rancher/k3s');
    const agent = engine.cluster.agents[1];
    if (agent === undefined) throw new Error('the cluster has no second agent');
    const outcome = await engine.hosts.run(
      target(agent),
      writeFile('/etc/rancher/k3s/other.yaml', '0600', 'x'.repeat(200_000)),
    );
    expect(outcome).toMatchObject({
      kind: 'failed',
      problem: { code: 'write-failed', why: expect.stringContaining('No space left on device') },
    });
    expect(await host.mustExec('ls -A /etc/rancher/k3s')).not.toContain('.k3s-ha.');
    await host.freeDisk('/etc/rancher/k3s');
  });

  it('keeps answering when a server is powered off, and leaves it out as long as it is unreachable', async () => {
    await fleet.host('server-3').powerOff();
    await expectNodes(fleet, kubeconfig, {
      'agent-1': 'Ready',
      'agent-2': 'Ready',
      'server-1': 'Ready',
      'server-2': 'Ready',
      'server-3': 'NotReady',
    });
    const { plan } = await engine.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.problems).toEqual([]);
    expect(plan.notes.join()).toContain('server-3 does not answer and is left out');
    await fleet.host('server-3').powerOn();
    await expectNodes(fleet, kubeconfig, Object.fromEntries([...SERVERS, ...AGENTS].map((name) => [name, 'Ready'])));
  });

  it.each([
    [
      'a wrong sudo password',
      'user: ops, password: "${secret:ops}", sudoPassword: "${secret:wrong}"',
      'sudo-password-wrong',
    ],
    [
      'a user without sudo',
      'user: plain, password: "${secret:plain}", sudoPassword: "${secret:plain}"',
      'sudo-not-allowed',
    ],
    ['a wrong password (PAM delays its refusal)', 'user: ops, password: "${secret:wrong}"', 'ssh-auth-failed'],
  ])('explains %s within seconds', async (_, ssh, code) => {
    const text = withAgent(`{${ssh}}`);
    const other = await engineFor(fleet, text, SECRETS);
    try {
      const started = Date.now();
      const { plan } = await other.plan();
      expect(Date.now() - started).toBeLessThan(15_000);
      expect(plan.steps).toEqual([]);
      expect(plan.problems).toMatchObject([{ code, host: 'agent-1' }]);
      expect(plan.problems[0]?.nextSteps.length).toBeGreaterThan(0);
    } finally {
      await other.dispose();
    }
  });

  it('M13: leaves out an agent behind a closed port, and says so', async () => {
    const text = withAgent('{user: auto, port: 2200}');
    const other = await engineFor(fleet, text, SECRETS);
    try {
      const { plan } = await other.plan();
      expect(plan.problems).toEqual([]);
      expect(plan.steps).toEqual([]);
      expect(plan.notes.join()).toContain('agent-1 does not answer and is left out');
    } finally {
      await other.dispose();
    }
  });
});

describe.skipIf(fleetSkipReason() !== undefined)('the engine on real hosts: MariaDB', () => {
  const SERVERS = ['server-1', 'server-2'];
  let fleet: Fleet;
  let engine: Engine;

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [
        ...[...SERVERS, 'agent-1'].map((name) => ({ name })),
        { name: 'lb', services: true },
        { name: 'db', services: true },
      ],
    });
    const [endpoint] = await Promise.all([
      startMariadb(fleet.host('db'), { name: 'k3s', user: 'ksd', password: SECRETS.db }),
      startHaproxy(
        fleet.host('lb'),
        SERVERS.map((name) => fleet.host(name)),
      ),
    ]);
    engine = await engineFor(
      fleet,
      clusterFile(fleet, {
        servers: SERVERS,
        agents: ['agent-1'],
        balancer: fleet.host('lb').address,
        datastore: `  type: mysql\n  endpoint: ${endpoint.replace(SECRETS.db, '${secret:db}')}\n`,
      }),
      SECRETS,
    );
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  /** N9: a table that grows, and what keeps K3s from compacting it, asked through a server that runs. */
  async function tellsWhatIsNotCompacted(): Promise<void> {
    const onDb = (statements: string): Promise<string> =>
      fleet.host('db').mustExec('mariadb -N k3s', { stdin: statements });
    const source = createCliSecrets({ baseDir: engine.folder, env: {}, file: join(engine.folder, 'secrets.yaml') });
    const asked = {
      databases: databaseClients,
      clock: systemClock,
      sha256,
      artifacts: createArtifacts({ baseDir: engine.folder, homeDir: engine.folder }, archiveReaders),
      certificates,
      lineOf: () => undefined,
    };
    const told = async (): Promise<readonly string[]> => {
      const deps = { hosts: engine.hosts, secrets: agreedDoor(source), parallel: 16, datastore: asked };
      const report = await checkHosts(engine.cluster, deps);
      if (!report.ok) throw new Error(report.error.message);
      expect(JSON.stringify(report.value.findings)).not.toContain(SECRETS.db);
      return report.value.findings.flatMap(({ id, machine, message }) =>
        id === 'compaction-behind' ? [`${machine}: ${message}`] : [],
      );
    };
    const at = `Asked through server-1, the datastore ${fleet.host('db').address}:3306`;
    expect(await told()).toEqual([]);
    await onDb(`INSERT INTO kine (name, deleted, prev_revision, value) VALUES ('compact_rev_key', 1, 5, 'null');
ALTER TABLE kine AUTO_INCREMENT = 300000; SET GLOBAL innodb_snapshot_isolation = ON;`);
    const revision = async (): Promise<true | undefined> =>
      Number(await onDb('SELECT MAX(id) FROM kine')) > 300_000 ? true : undefined;
    await until('a revision behind the gap', 30_000, revision, 200);
    expect([...(await told())].sort()).toEqual([
      expect.stringMatching(new RegExp(`^server-1: ${at} (?!has not been compacted).*innodb_snapshot_isolation`)),
      expect.stringMatching(new RegExp(`^server-1: ${at} has not been compacted for long: \\d+ revisions wait`)),
    ]);
    await onDb(
      `UPDATE kine SET prev_revision = 300000 WHERE name = 'compact_rev_key'; SET GLOBAL innodb_snapshot_isolation = OFF;`,
    );
    expect(await told()).toEqual([]);
  }

  it('brings up two servers on one database, and survives the loss of one', async () => {
    const report = await engine.run(await engine.plan());
    expect(report.problems).toEqual([]);
    expect(stepIds(await engine.plan())).toEqual([]);
    const fetched = await fetchKubeconfig(engine.cluster, engine.hosts, engine.api);
    if (!fetched.ok) throw new Error(fetched.error.message);
    const kubeconfig = fetched.value.prepared.text;
    await expectNodes(fleet, kubeconfig, { 'agent-1': 'Ready', 'server-1': 'Ready', 'server-2': 'Ready' });
    await tellsWhatIsNotCompacted();
    await fleet.host('server-1').powerOff();
    await expectNodes(fleet, kubeconfig, { 'agent-1': 'Ready', 'server-1': 'NotReady', 'server-2': 'Ready' });
    for (const text of [engine.journal(), engine.told.join('\n')]) expect(text).not.toContain(SECRETS.db);
  });
});
