import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNodes } from './byHand';
import { startFleet, type Fleet } from './driver/fleet';
import type { FleetHost } from './driver/host';
import { fleetSkipReason } from './driver/requirements';
import { startHaproxy, startMariadb } from './driver/services';
import { OPS_PASSWORD } from './driver/users';
import { engineFor, type Engine } from './engine';

const SERVERS = ['server-1', 'server-2'];
const TOKEN = 'c0ffee1234567890c0ffee1234567890';
const SECRETS = { token: TOKEN, ops: OPS_PASSWORD, db: 'p@ss/word' };
const CONFIG = '/etc/rancher/k3s/config.yaml';
const SCRIPT_URL = 'https://get.k3s.io/install.sh';
/** A word that the watcher of argument lists is shown, so that its silence about secrets counts. */
const SHOWN = 'shown-to-the-watcher';

/** Notes every one of `words` that appears in an argument list of the host from now on. */
async function watchArguments(host: FleetHost, words: readonly string[]): Promise<void> {
  const look = 'while :; do grep -aohFf /run/watched /proc/[0-9]*/cmdline >> /run/seen 2> /dev/null; sleep 0.1; done';
  await host.mustExec('cat > /run/watched && touch /run/seen && systemd-run --quiet --unit=watcher sh -c "$1"', {
    stdin: `${words.join('\n')}\n`,
    args: [look],
  });
}

/** What the watcher noted, after it has certainly looked at a process that carries {@link SHOWN}. */
async function seenArguments(host: FleetHost): Promise<string[]> {
  await expect
    .poll(() => host.mustExec('sleep 0.3; cat /run/seen', { args: [SHOWN] }), { timeout: 30_000 })
    .toContain(SHOWN);
  const seen = await host.mustExec('systemctl stop watcher; cat /run/seen');
  return [...new Set(seen.trim().split('\n'))];
}

/** A download that does not come forward as long as a file exists. */
const HANGING_CURL = `#!/bin/sh
case "$*" in *github.com*) while [ -e /run/downloads-hang ]; do sleep 0.1; done ;; esac
exec /usr/bin/curl "$@"
`;

describe.skipIf(fleetSkipReason() !== undefined)('what the engine leaves on real hosts when things go wrong', () => {
  let fleet: Fleet;
  let engine: Engine;
  let endpoint: string;
  let kubeconfig: string;

  const cluster = (more: { readonly serverConfig?: string; readonly user2?: string } = {}): string => {
    const balancer = fleet.host('services').address;
    return `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: fleet }
k3s:
  version: v1.36.3+k3s1
  install: { scriptUrl: ${SCRIPT_URL} }
loadBalancer: { address: ${balancer} }
datastore: { type: mysql, endpoint: '${endpoint.replace(SECRETS.db, '${secret:db}')}' }
token: \${secret:token}
ssh: { user: auto, identityFile: ${fleet.identityFile}, knownHostsFile: known_hosts }
servers:
  config: { tls-san: [${balancer}]${more.serverConfig ?? ''} }
  nodes:
    - { host: ${fleet.host('server-1').address}, name: server-1, ssh: { user: ops, password: '\${secret:ops}', sudoPassword: '\${secret:ops}' } }
    - { host: ${fleet.host('server-2').address}, name: server-2${more.user2 === undefined ? '' : `, ssh: { user: ${more.user2} }`} }
`;
  };

  const stepsOf = async (one: Engine): Promise<string[]> => {
    const { plan } = await one.plan();
    expect(plan.problems).toEqual([]);
    return plan.steps.map(({ id }) => id);
  };

  beforeAll(async () => {
    fleet = await startFleet({ hosts: [...SERVERS.map((name) => ({ name })), { name: 'services', services: true }] });
    const services = fleet.host('services');
    [endpoint] = await Promise.all([
      startMariadb(services, { name: 'k3s', user: 'ksd', password: SECRETS.db }),
      startHaproxy(
        services,
        SERVERS.map((name) => fleet.host(name)),
      ),
    ]);
    engine = await engineFor(fleet, cluster(), SECRETS);
  });

  afterAll(async () => {
    await engine?.dispose();
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  // Five seconds is a promise about an idle host; other work may keep this machine busy, so the best of three counts.
  it('says within five seconds that a host does not know the key', { retry: 2 }, async () => {
    const other = await engineFor(fleet, cluster({ user2: 'plain' }), SECRETS);
    try {
      const began = performance.now();
      const { plan } = await other.plan();
      expect(performance.now() - began).toBeLessThan(5_000);
      expect(plan.problems).toMatchObject([
        { code: 'ssh-auth-failed', host: 'server-2', message: expect.stringContaining('Cannot log in to plain@') },
      ]);
      expect(plan.steps).toEqual([]);
    } finally {
      await other.dispose();
    }
  });

  it('goes on with an installation whose SSH session was killed, and shows no secret in an argument list', async () => {
    const host = fleet.host('server-2');
    await Promise.all(SERVERS.map((name) => watchArguments(fleet.host(name), [...Object.values(SECRETS), SHOWN])));
    await host.mustExec('cat > /usr/local/bin/curl && chmod 755 /usr/local/bin/curl && touch /run/downloads-hang', {
      stdin: HANGING_CURL,
    });
    let killed: Promise<unknown> | undefined;
    const report = await engine.run(await engine.plan(), (event) => {
      if (event.type === 'output' && event.node === 'server-2' && event.line.includes('Downloading hash'))
        killed ??= host.mustExec('kill -9 $(pgrep -f "^sshd: auto")');
    });
    await killed;
    expect(Object.fromEntries(report.states)).toMatchObject({
      'install:server-1': 'done',
      'start:server-1': 'done',
      'install:server-2': 'unknown',
      'start:server-2': 'skipped',
    });
    expect(report.problems).toMatchObject([{ code: 'connection-lost', host: 'server-2' }]);

    const rest = await engine.plan();
    expect(rest.plan.steps.map(({ id }) => id)).toEqual([
      'install:server-2',
      'start:server-2',
      'await-nodes:server-1',
      'prove-tunnels:server-1',
    ]);
    let released: Promise<unknown> | undefined;
    const finished = await engine.run(rest, (event) => {
      if (event.type === 'output' && event.line.includes('This installation is already running on this host'))
        released ??= host.mustExec('rm /run/downloads-hang');
    });
    await released;
    expect(released).toBeDefined();
    expect(finished).toMatchObject({ result: 'done', problems: [] });
    // Each plan asks the hosts that it installs which script they get, and each host installs once.
    const [asked, askedAgain, ran] = [SERVERS.length, 1, SERVERS.length];
    expect(fleet.downloads.filter((line) => line === 'GET get.k3s.io/install.sh')).toHaveLength(
      asked + askedAgain + ran,
    );
    for (const name of SERVERS) {
      expect(await seenArguments(fleet.host(name)), name).toEqual([SHOWN]);
      expect(
        await fleet
          .host(name)
          .mustExec('find /var/lib/k3s-ha /etc/rancher/k3s -name "*.env" -o -name "install.in.*" -o -name ".k3s-ha.*"'),
        name,
      ).toBe('');
    }
  });

  it('has both servers Ready on the one database', async () => {
    kubeconfig = (await fleet.host('server-1').mustExec('cat /etc/rancher/k3s/k3s.yaml')).replace(
      '127.0.0.1',
      fleet.host('services').address,
    );
    await expectNodes(fleet, kubeconfig, { 'server-1': 'Ready', 'server-2': 'Ready' });
    expect(await stepsOf(engine)).toEqual([]);
  });

  it('keeps the old config.yaml when a disk is full, and finishes when there is room', async () => {
    const host = fleet.host('server-2');
    const before = await host.mustExec('stat -c "%a %U:%G %i" "$1"; cat "$1"', { args: [CONFIG] });
    await host.fillDisk('/etc/rancher/k3s');
    const inMemory = await host.mustExec('stat -c "%a %U:%G %i" "$1"; cat "$1"', { args: [CONFIG] });
    expect(inMemory.split('\n').slice(1)).toEqual(before.split('\n').slice(1));
    const changed = await engineFor(fleet, cluster({ serverConfig: ', node-label: [disk=full]' }), SECRETS);
    try {
      const report = await changed.run(await changed.plan());
      expect(report.problems).toMatchObject([
        { code: 'write-failed', host: 'server-2', why: expect.stringContaining('No space left on device') },
      ]);
      expect(Object.fromEntries(report.states)).toMatchObject({
        'write-config:server-2': 'failed',
        'restart:server-2': 'skipped',
      });
      expect(
        await host.mustExec('stat -c "%a %U:%G %i" "$1"; cat "$1"; find /etc/rancher/k3s -name ".k3s-ha.*"', {
          args: [CONFIG],
        }),
      ).toBe(inMemory);
      await expectNodes(fleet, kubeconfig, { 'server-1': 'Ready', 'server-2': 'Ready' });

      await host.freeDisk('/etc/rancher/k3s');
      expect(await changed.run(await changed.plan())).toMatchObject({ result: 'done', problems: [] });
      expect(await stepsOf(changed)).toEqual([]);
    } finally {
      await changed.dispose();
    }
    expect(
      (await fleet.kubectl(kubeconfig, ['get', 'nodes', ...SERVERS, '-o', 'jsonpath={.items[*].metadata.labels.disk}']))
        .stdout,
    ).toBe('full full');
  });
});
