import { installK3s } from '../../../src/core/remote/install';
import { installedVersion } from '../../../src/core/remote/installedVersion';
import { listNodes } from '../../../src/core/remote/kubectl';
import { controlUnit } from '../../../src/core/remote/unit';
import { etcdServer, eventually } from '../../practice/lab';
import { SOME_SCRIPT } from '../../support/installScripts';
import { startRecordedLab, type RecordedLab } from '../lab';
import { transcript, watched } from '../recorded';
import type { Report } from '../report';

const SERVERS = ['server-1', 'server-2', 'server-3'] as const;
const NEWER = 'v1.36.4+k3s1';

/** A newer binary under a server that runs, then restarts one after another. */
export async function upgrading(report: Report): Promise<void> {
  const lab = await startRecordedLab({ servers: 3 }, 0.03);
  try {
    await lab.bring('server-1', 'server', etcdServer());
    for (const id of SERVERS.slice(1)) await lab.bring(id, 'server', etcdServer(lab.address('server-1')));
    await eventually(
      async () => (await nodes(lab)).filter(({ ready }) => ready).length === 3,
      () => 'not three nodes',
    );
    const recorded = transcript('upgrade-binary-then-restart.txt');
    const [swap, asked] = recorded;
    const from = Date.now();
    const before = (await lab.status('server-1')).invocation;
    for (const id of SERVERS) await swapBinary(lab, id);
    report.compareSeconds(
      'upgrade: the install script took',
      swap?.seconds ?? 0,
      lab.seconds(Date.now() - from) / 3,
      lab.slack,
    );
    const out = asked?.out ?? '';
    const binary = await lab.run('server-1', installedVersion());
    const seen = await nodes(lab);
    report.compare(
      'upgrade: release of binary and Node before the restart',
      [/^k3s version (\S+)/m.exec(out)?.[1], /^h1 .* (\S+)$/m.exec(out)?.[1]],
      [binary.ok ? binary.value : '', seen[0]?.version],
    );
    const { active, invocation } = await lab.status('server-1');
    report.compare(
      'upgrade: the unit runs on',
      [/ActiveState=(\w+)/.exec(out)?.[1], true],
      [active, invocation === before],
    );

    const wasReady: boolean[] = [];
    const restarts = recorded.filter(({ command }) => command === 'systemctl restart k3s');
    const watch = watched('upgrade-nodes-watch.txt');
    const begins = [4.9, 27.6, 49.8];
    for (const [turn, id] of SERVERS.entries()) {
      const begin = Date.now();
      const old = (await lab.status(id)).invocation;
      await lab.run(id, controlUnit('restart', 'k3s'));
      await eventually(
        async () => {
          const now = await lab.status(id);
          return now.active === 'active' && now.invocation !== old;
        },
        () => `${id} does not come back`,
      );
      const name = lab.named(id);
      report.compareSeconds(
        `upgrade: ${name} restarted after`,
        restarts[turn]?.seconds ?? 0,
        lab.seconds(Date.now() - begin),
        lab.slack,
      );
      await eventually(
        async () => {
          const now = await nodes(lab);
          if (now.length > 0) wasReady.push(now.every(({ ready }) => ready));
          return now[turn]?.version === NEWER;
        },
        () => `the Node of ${id} has the old version`,
      );
      const told = (watch.find(({ who, field }) => who === name && field === 'version')?.at ?? 0) - (begins[turn] ?? 0);
      report.compareSeconds(
        `upgrade: the Node of ${name} has the new release after`,
        told,
        lab.seconds(Date.now() - begin),
        lab.slack,
      );
    }
    report.compare(
      'upgrade: a Node was not Ready meanwhile',
      watch.some(({ field }) => field === 'cond Ready'),
      wasReady.includes(false),
    );
  } finally {
    await lab.stop();
  }
}

async function swapBinary(lab: RecordedLab, id: string): Promise<void> {
  const env = { INSTALL_K3S_VERSION: NEWER, INSTALL_K3S_SKIP_START: 'true' };
  const installed = await lab.run(id, installK3s({ role: 'server', env }, SOME_SCRIPT));
  if (!installed.ok) throw new Error(installed.error.message);
}

interface Seen {
  readonly version: string;
  readonly ready: boolean;
}

/** The nodes in the order of their names, asked through the server that has no restart before it or is back from it. */
async function nodes(lab: RecordedLab): Promise<readonly Seen[]> {
  const through = [];
  for (const id of SERVERS) if ((await lab.status(id)).active === 'active') through.push(id);
  const listed = await lab.run(through[0] ?? 'server-1', listNodes());
  if (!listed.ok) return [];
  return (listed.value as readonly NodeObject[])
    .map(({ metadata, status }) => ({
      name: metadata.name,
      version: status.nodeInfo.kubeletVersion,
      ready: status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface NodeObject {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly nodeInfo: { readonly kubeletVersion: string };
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}
