import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../real/report';
import { VERSIONS } from './balanced';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { run, type RunResult } from './driver/run';
import { exampleFile } from './exampleFile';

const ROOT = join(import.meta.dirname, '../..');
const TOKEN = 'c0ffee1234567890c0ffee1234567890';
const SERVERS = ['server-1', 'server-2', 'server-3'];
const AGENTS = ['agent-1', 'agent-2', 'agent-3'];
const BALANCERS = ['lb-1', 'lb-2'];
/** Everything on a machine that is busy with other work, too. */
const LONGEST_MS = 30 * 60_000;
const [FIRST = '', NEXT = ''] = VERSIONS;

/** What other suites of hosts prove by themselves; `REAL_OPERATIONS=all`, or some of them, tries it here, too, in some minutes more. The double has no "k3s certificate". */
const ELSEWHERE = ['snapshot', 'restore', 'replace'];
const WISH = process.env['REAL_OPERATIONS'] ?? '';
const MORE = ELSEWHERE.filter((id) => WISH === 'all' || WISH.split(',').includes(id));
const TRIED = ['provision', 'kubeconfig', 're-apply', 'restart', 'upgrade', ...MORE, 'failover'];

describe.skipIf(fleetSkipReason() !== undefined)('npm run test:real, on the example haproxy-keepalived', () => {
  let fleet: Fleet;
  let folder: string;

  /** As somebody would type it, with the packaged command line that is there. */
  const testReal = (...options: readonly string[]): Promise<RunResult> => {
    const all = fleet.hosts.map(({ address }) => address).join(',');
    const allowed = ['edge-token', `key:${fleet.identityFile}`].flatMap((what) => [
      '--allow-secrets',
      `${what}=${all}`,
    ]);
    const spec = ['--spec', join(folder, 'cluster.k3s.yaml'), '--no-build'];
    return run('npm', ['run', '--silent', '--prefix', ROOT, 'test:real', '--', ...spec, ...allowed, ...options], {
      env: { HOME: folder, XDG_STATE_HOME: join(folder, 'state'), K3S_HA_SECRET_EDGE_TOKEN: TOKEN, NO_COLOR: '1' },
      timeoutMs: LONGEST_MS,
    });
  };
  const report = (): Report => JSON.parse(readFileSync(join(folder, 'report/real.json'), 'utf8')) as Report;

  beforeAll(async () => {
    fleet = await startFleet({
      hosts: [
        ...[...SERVERS, ...AGENTS].map((name) => ({ name })),
        ...BALANCERS.map((name) => ({ name, packages: true })),
      ],
      k3sVersions: VERSIONS,
      // A busy machine must not look like a cluster that fails.
      doubleSettings: { peer_timeout: 4, silence: 8, grace: 20 },
    });
    folder = mkdtempSync(join(tmpdir(), 'k3s-ha-real-'));
    mkdirSync(join(folder, '.ssh'), { mode: 0o700 });
    writeFileSync(join(folder, '.ssh/known_hosts'), await fleet.knownHosts());
    const text = exampleFile(fleet, 'haproxy-keepalived', {
      '10.0.0.100': 100,
      '10.0.0.5': 'lb-1',
      '10.0.0.6': 'lb-2',
      '10.0.0.11': 'server-1',
      '10.0.0.12': 'server-2',
      '10.0.0.13': 'server-3',
      '10.0.1.[1-3]': AGENTS,
    });
    // An entry of its own for each agent: one of a range cannot be removed alone.
    const single = text.replace(
      /^ {4}- host: (.*)\[(\d+)-\d+\]\n {6}name: agent-\[1-3\]\n/m,
      (_, front: string, first: string) =>
        AGENTS.map((name, i) => `    - host: ${front}${Number(first) + i}\n      name: ${name}\n`).join(''),
    );
    writeFileSync(join(folder, 'cluster.k3s.yaml'), single.replace(/^( {2}version: ).*$/m, `$1${FIRST}`));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await fleet?.stop();
    expect(await fleet?.leftovers()).toEqual([]);
  });

  it('says what it would do, asks, and changes nothing where nobody can answer', async () => {
    const { code, stderr } = await testReal();
    expect(stderr).toContain('This changes the cluster edge: server-1 (');
    expect(stderr).toContain('upgrade: not tried, no --upgrade-to');
    expect(stderr).toContain('Nothing was changed');
    expect(code).toBe(13);
    expect((await fleet.host('server-1').exec('command -v k3s')).code).not.toBe(0);
  });

  it(
    'tries every operation and sees from outside that each did what it should',
    async () => {
      const { code, stdout, stderr } = await testReal(
        '--yes',
        '--operations',
        TRIED.join(','),
        '--upgrade-to',
        NEXT,
        '--report',
        join(folder, 'report'),
      );
      expect(code, stdout + stderr).toBe(0);
      expect(report().outcomes.map(({ operation, result }) => `${operation} ${result}`)).toEqual(
        TRIED.map((operation) => `${operation} fine`),
      );
      const found = Object.fromEntries(
        report().outcomes.flatMap(({ operation, checks }) =>
          checks.map((one) => [`${operation}: ${one.what}`, one.found]),
        ),
      );
      expect(found).toMatchObject({
        'provision: nodes Ready with their version': `6 nodes, ${FIRST}`,
        'provision: members of etcd': '3 members of 3',
        [`provision: certificates cover ${fleet.address(100)}`]: 'at the address and on 3 servers',
        'kubeconfig: leads to the fixed address': `${fleet.address(100)}:6443`,
        're-apply: no unit restarted': '6 units as before',
        'restart: every server restarted twice': '3 servers',
        'upgrade: nodes Ready with their version': `6 nodes, ${NEXT}`,
        'upgrade: client that asks every 100 ms': expect.stringMatching(
          /^(0 of \d{3,} failed, longest gap |.*too slow for the checks of HAProxy$)/,
        ) as string,
        'failover: haproxy stopped on lb-1': expect.stringContaining(' failed') as string,
        'failover: the address has moved': 'to lb-2',
      });
      expect(await fleet.host('server-2').mustExec('k3s --version')).toContain(NEXT);
      expect(await fleet.host('server-2').mustExec('cat /etc/rancher/k3s/config.yaml')).not.toContain('debug: true');
    },
    LONGEST_MS,
  );

  it('leaves the cluster file as it was, and no secret anywhere', async () => {
    const page = readFileSync(join(folder, 'report/real.md'), 'utf8');
    expect(page).toContain('# edge on real machines: fine');
    expect(readFileSync(join(folder, 'cluster.k3s.yaml'), 'utf8')).toContain(`version: ${FIRST}`);
    const key = await fleet.host('server-1').mustExec("sed -n 's/.*client-key-data: //p' /etc/rancher/k3s/k3s.yaml");
    for (const secret of [TOKEN, key.trim()]) {
      expect(secret.length).toBeGreaterThan(20);
      expect(page + JSON.stringify(report())).not.toContain(secret);
      expect((await run('grep', ['-rlF', '--', secret, folder])).stdout).toBe('');
    }
  });

  it(
    'ends as wrong when what it sees from outside is not what the file says, and tries nothing after it',
    async () => {
      writeFileSync(
        join(folder, 'cluster.k3s.yaml'),
        readFileSync(join(folder, 'cluster.k3s.yaml'), 'utf8').replace(FIRST, NEXT),
      );
      await fleet.host('agent-2').mustExec('systemctl stop k3s-agent');
      const { code, stderr } = await testReal(
        '--yes',
        '--operations',
        're-apply,failover',
        '--report',
        join(folder, 'report'),
      );
      expect(code, stderr).toBe(12);
      expect(report().outcomes).toMatchObject([
        { operation: 're-apply', result: 'wrong' },
        { operation: 'failover', result: 'not tried', why: 're-apply went wrong before' },
      ]);
      expect(stderr).toContain('✗ no unit restarted: agent-2');
    },
    LONGEST_MS,
  );
});
