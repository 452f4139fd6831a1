import { describe, expect, it } from 'vitest';
import { ok } from '../../src/core/base/result';
import type { ClusterNode } from '../../src/core/cluster/cluster';
import { etcdAlarm, etcdSeen, type EtcdAlarm } from '../../src/core/health/etcdAlarm';
import { certificateMarks } from '../../src/core/health/certificateMarks';
import { nodesOf, unitOf } from '../../src/core/cluster/roles';
import { journalCause } from '../../src/core/k3s/journal/journalCause';
import type { RunEvent, RunReport } from '../../src/core/plan/events';
import { checkHosts } from '../../src/engine/checks/checkHosts';
import { lookAtCertificates } from '../../src/engine/checks/lookAtCertificates';
import { followJournal } from '../../src/engine/nodes/followJournal';
import { lookAtEtcd } from '../../src/engine/checks/lookAtEtcd';
import type { Wanted } from '../../src/engine/operations/operation';
import { operationById } from '../../src/engine/operations/registry';
import { runMask } from '../../src/engine/run/mask';
import { agreedDoor } from '../support/agreedDoor';
import { scaledClock } from '../../src/practice/clock';
import { nodeLabels } from './apiObjects';
import { engineLab, stepIds, withServerOption, type EngineLab } from './engineLab';

const [OLD, NEW] = ['v1.36.3+k3s1', 'v1.36.4+k3s1'];
const DAY = 86_400_000;
const SERVERS = ['server-1', 'server-2', 'server-3'];
/** Exit status of the script that uninstalls, where something is mounted. */
const MOUNTED = 5;
const FOLDER = '/var/lib/rancher/k3s/server/db/snapshots';

const wanted = (id: string, intent: object): Wanted => ({ operation: operationById(id), intent });

/** A cluster of the old release that runs. */
async function running(): Promise<EngineLab> {
  const lab = await engineLab();
  lab.cluster = { ...lab.cluster, k3s: { ...lab.cluster.k3s, version: OLD } };
  expect((await lab.run(await lab.plan())).problems).toEqual([]);
  return lab;
}

function wantNew(lab: EngineLab): void {
  lab.cluster = { ...lab.cluster, k3s: { ...lab.cluster.k3s, version: NEW } };
}

const releases = ({ fleet }: EngineLab): Record<string, string> =>
  Object.fromEntries(fleet.nodes().map(({ name, version }) => [name, version]));

const every = (lab: EngineLab, release: string): Record<string, string> =>
  Object.fromEntries(nodesOf(lab.cluster).map(({ id }) => [id, release]));

async function carriedOut(lab: EngineLab, what?: Wanted, onEvent?: (event: RunEvent) => void): Promise<RunReport> {
  const prepared = await lab.plan(what);
  expect(prepared.plan.problems).toEqual([]);
  return lab.run(prepared, onEvent);
}

describe('reports from the field, played on practice hosts', () => {
  it('2, another operator: an upgrade waits for the Plan that keeps another release, and names it', async () => {
    const lab = await running();
    wantNew(lab);
    const marks = (replicas: number): string =>
      `endpoint 127.0.0.1\nplan|system-upgrade/k3s-server|v1.35.5+k3s1|||\nworkload|system-upgrade/system-upgrade-controller|${replicas}||\n`;
    lab.says = (_, script) => (script === 'cluster-marks' ? { stdout: marks(1) } : undefined);
    const refused = await lab.plan();
    expect(refused.plan.steps).toEqual([]);
    expect(refused.plan.problems).toMatchObject([
      {
        code: 'other-operator',
        message: expect.stringContaining(
          'system-upgrade/k3s-server of system-upgrade-controller keeps nodes at v1.35.5+k3s1',
        ) as string,
      },
    ]);
    expect(releases(lab)).toEqual(every(lab, OLD));
    // Paused, it is in nobody's way.
    lab.says = (_, script) => (script === 'cluster-marks' ? { stdout: marks(0) } : undefined);
    expect((await carriedOut(lab)).problems).toEqual([]);
    expect(releases(lab)).toEqual(every(lab, NEW));
  }, 60_000);

  it('3, chart job cut off: the run stops behind the first server and quotes the job; the same run goes on afterwards', async () => {
    const lab = await running();
    wantNew(lab);
    const line = 'Current release revision 4 does not match expected revision 3';
    lab.says = (_, script) =>
      script === 'node-settled'
        ? {
            stdout: `node ${NEW} True\njob helm-install-traefik open\nrelease kube-system/traefik pending-upgrade\nstuck helm-install-traefik-x ${line}\n`,
          }
        : undefined;
    const stopped = await carriedOut(lab);
    expect(stopped.result).toBe('failed');
    expect(JSON.stringify(stopped.problems)).toContain(line);
    expect(releases(lab)).toEqual({ ...every(lab, OLD), 'server-1': NEW });
    expect(lab.fleet.nodes().filter(({ cordoned }) => cordoned)).toEqual([]);
    lab.says = () => undefined;
    expect((await carriedOut(lab)).problems).toEqual([]);
    expect(releases(lab)).toEqual(every(lab, NEW));
  }, 60_000);

  it('4, mounted share: nothing is uninstalled through it, path and pod are named, and the same command finishes', async () => {
    const lab = await running();
    const remove = wanted('remove-node', { nodes: ['agent-2'] });
    const path = '/var/lib/kubelet/pods/0b1c/volumes/kubernetes.io~csi/pvc-1/mount';
    lab.says = (host, script) =>
      host === 'agent-2' && script === 'uninstall-k3s'
        ? { exitCode: MOUNTED, stderr: `${path} from //nas/data (cifs), of pod shop/db-0\n` }
        : undefined;
    const stopped = await carriedOut(lab, remove);
    expect(stopped.problems).toMatchObject([{ code: 'volumes-mounted', host: 'agent-2' }]);
    expect(stopped.problems[0]?.details).toEqual([`${path} from //nas/data (cifs), of pod shop/db-0`]);
    const agent = lab.fleet.inspect('agent-2');
    expect(agent.file('/usr/local/bin/k3s')).toBeDefined();
    expect(agent.unit('k3s-agent').active).toBe('inactive');
    lab.says = () => undefined;
    expect((await carriedOut(lab, remove)).problems).toEqual([]);
    expect(agent.file('/usr/local/bin/k3s')).toBeUndefined();
    expect(Object.keys(releases(lab)).sort()).toEqual(['agent-1', ...SERVERS]);
  }, 60_000);

  it.each([
    ['empty', (): Buffer => Buffer.alloc(0), 'It is empty'],
    ['cut in the middle', (data: Buffer) => data.subarray(0, data.length >> 1), 'bytes'],
    [
      'with a wrong sum at its end',
      (data: Buffer) => Buffer.concat([data.subarray(0, -32), Buffer.alloc(32, 7)]),
      'cut off or damaged',
    ],
  ])(
    '5, a snapshot that is %s: refused before any server stops, with the reason',
    async (_, damage, why) => {
      const lab = await running();
      await nodeLabels(lab.fleet, 'server-1', 'agent-1', { kept: 'yes' });
      expect((await carriedOut(lab, wanted('save-snapshot', { name: 'good', on: 'server-1' }))).problems).toEqual([]);
      const host = lab.fleet.inspect('server-1');
      const [path = ''] = host.below(FOLDER);
      host.writeBytes(path, damage(host.bytes(path)));
      const invocations = SERVERS.map((id) => lab.fleet.inspect(id).unit('k3s').invocation);
      const snapshot = path.slice(FOLDER.length + 1);
      const report = await carriedOut(lab, wanted('restore', { snapshot, from: 'server-1' }));
      expect(report.problems[0]).toMatchObject({ code: 'snapshot-unusable', host: 'server-1' });
      expect(report.problems[0]?.why).toContain(why);
      expect(SERVERS.map((id) => lab.fleet.inspect(id).unit('k3s').invocation)).toEqual(invocations);
      expect((await nodeLabels(lab.fleet, 'server-2', 'agent-1'))['kept']).toBe('yes');
    },
    60_000,
  );

  it("6, agents' certificates: the agent is marked and not the servers, and it alone is restarted", async () => {
    const lab = await running();
    await lab.fleet.ageCertificates(-1 * DAY);
    const others = [...SERVERS, 'agent-2'];
    expect((await carriedOut(lab, wanted('renew-certificates', { nodes: others }))).problems).toEqual([]);
    const marked = async (): Promise<readonly string[]> => {
      const { facts } = await lookAtCertificates(lab.cluster, { hosts: lab.hosts, parallel: 8 });
      return [...certificateMarks(facts, Date.now())].flatMap(([id, { age }]) =>
        age === 'fine' ? [] : [`${id} ${age}`],
      );
    };
    expect(await marked()).toEqual(['agent-1 ended']);
    const renewal = wanted('renew-certificates', { nodes: [] });
    const restarted = stepIds(await lab.plan(renewal)).filter((id) => id.startsWith('renew-certificates:'));
    expect(restarted).toEqual(['renew-certificates:agent-1']);
    expect((await carriedOut(lab, renewal)).problems).toEqual([]);
    expect(await marked()).toEqual([]);
    for (const node of nodesOf(lab.cluster))
      expect(lab.fleet.inspect(node.id).unit(unitOf(node)).active).toBe('active');
  }, 60_000);

  it('N29, etcd at its quota: the alarm is told with what fills it, and more room on all servers, one after another, clears it', async () => {
    const lab = await running();
    lab.fleet.fillEtcd('server-1');
    const alarm = async (): Promise<EtcdAlarm | undefined> => {
      const looked = await lookAtEtcd(lab.cluster, { hosts: lab.hosts, parallel: 8 });
      return etcdAlarm(etcdSeen(looked.facts, Date.now()));
    };
    expect(await alarm()).toMatchObject({ names: ['NOSPACE'], load: { objects: [{ kind: 'events' }, {}, {}] } });
    // On one server alone it does not help: the others raise the alarm again.
    const roomy = withServerOption(lab.cluster, 'etcd-arg', ['quota-backend-bytes=8589934592']);
    const [first, ...rest] = roomy.servers;
    lab.cluster = { ...roomy, servers: [first as ClusterNode, ...lab.cluster.servers.slice(1)] };
    expect((await carriedOut(lab)).problems).toEqual([]);
    expect((await alarm())?.names).toEqual(['NOSPACE']);
    lab.cluster = { ...roomy, servers: [first as ClusterNode, ...rest] };
    const prepared = await lab.plan();
    expect(prepared.plan.notes.join()).toContain('NOSPACE');
    const restarts = prepared.plan.steps.filter(({ kind }) => kind === 'restart');
    expect(restarts.map(({ on }) => on)).toEqual(['server-2', 'server-3']);
    expect((await lab.run(prepared)).problems).toEqual([]);
    expect(await alarm()).toBeUndefined();
  }, 120_000);

  it('7, lost tunnel: the pair is told, the journal follows, and the end of the next restart cures it on the agent alone', async () => {
    const lab = await running();
    lab.fleet.loseTunnel('server-2', 'agent-1');
    const lost = async (): Promise<readonly string[]> => {
      const deps = { hosts: lab.hosts, secrets: agreedDoor({ resolve: async (text) => ok(text) }), parallel: 8 };
      const report = await checkHosts(lab.cluster, deps);
      if (!report.ok) throw new Error(report.error.message);
      return report.value.findings.flatMap(({ id, machine, message }) =>
        id === 'tunnel-lost' ? [`${machine}: ${message}`] : [],
      );
    };
    expect(await lost()).toEqual([
      'agent-1: server-2 has no tunnel to agent-1, and server-1 and server-3 have: logs and exec of its pods fail through server-2 ("Error from server: error dialing backend: failed to find Session for client agent-1").',
    ]);
    expect(journalCause(lab.fleet.inspect('server-2').journal('k3s').slice(-1), 'server')?.id).toBe('tunnel-lost');
    // What K3s writes on the agent comes over SSH, which no tunnel is in the way of.
    const lines: string[] = [];
    const [agent] = lab.cluster.agents as [ClusterNode];
    const options = { lines: 5, follow: false, onLines: (some: readonly string[]) => void lines.push(...some) };
    const read = await followJournal(
      agent,
      { ...options, signal: new AbortController().signal },
      { hosts: lab.hosts, mask: runMask([], lab.hosts) },
    );
    expect(read.ok && lines.length).toBeGreaterThan(0);

    const invocations = (): Readonly<Record<string, string>> =>
      Object.fromEntries(
        nodesOf(lab.cluster).map((node) => [node.id, lab.fleet.inspect(node.id).unit(unitOf(node)).invocation]),
      );
    const before = invocations();
    const told: string[] = [];
    lab.clock = scaledClock(0.1);
    const report = await carriedOut(lab, wanted('restart', { nodes: ['server-2'] }), (event) => {
      if (event.type === 'progress' && event.step.startsWith('prove-tunnels')) told.push(event.message);
    });
    expect(report.problems).toEqual([]);
    expect(told).toContain('no tunnel server-2 ↔ agent-1: K3s is restarted on agent-1 alone');
    const changed = Object.entries(invocations()).flatMap(([id, now]) => (before[id] === now ? [] : [id]));
    expect(changed.sort()).toEqual(['agent-1', 'server-2']);
    expect(await lost()).toEqual([]);
  }, 120_000);
});
