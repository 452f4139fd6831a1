import { DRILL_PATH, DRILLED_PATH } from '../../core/k3s/paths';
import type { BalancerUnit } from '../../core/loadBalancer/paths';
import { LOAD_BALANCER } from '../network';
import { isAlive, type UnitName } from '../machine/host';
import { fail, pause, type Command, type CommandRun } from './command';
import { unitOf } from './units';
import { withApi } from './kubectl';

/** take-away: way, unit or address, seconds, name of the part. */
export const takeAwayCommand: Command = async (run) => {
  const { host, world, user, args, out } = run;
  const [way = '', subject = '', seconds = '0', part = ''] = args;
  if (user !== 'root') return fail(run, `cannot create ${DRILL_PATH}: Permission denied`);
  if (way === 'link' && !host.addresses.includes(subject)) return fail(run, `no interface has ${subject}`, 4);
  const mark = `${part}\n${way}\n${subject}\n`;
  host.files.write(DRILL_PATH, mark);
  // The machine brings it back by itself, whoever is still there.
  void world.clock
    .sleep(Number(seconds) * 1000, world.signal)
    .then(() => (host.files.get(DRILL_PATH)?.content === mark ? restore(run, way, subject) : undefined))
    .catch((error: unknown) => {
      if (!world.signal.aborted) throw error;
    });
  if (way === 'link') cut(run);
  else if (way === 'balancer') host.balancer.active.delete(subject as BalancerUnit);
  else await unitOf(run, subject)?.stop();
  out('taken\n');
  return 0;
};

/** bring-back: way, unit or address, name of the part, id of the drill. */
export const bringBackCommand: Command = async (run) => {
  const { host, args, out } = run;
  const [way = '', subject = '', part = '', drill = ''] = args;
  host.files.remove(DRILL_PATH);
  await restore(run, way, subject);
  const before = host.files.get(DRILLED_PATH)?.content ?? '';
  const kept = before.split('\n')[0] === drill ? before : `${drill}\n`;
  host.files.write(DRILLED_PATH, `${kept}${part}\n`);
  out('back\n');
  return 0;
};

async function restore(run: CommandRun, way: string, subject: string): Promise<void> {
  const { host, world } = run;
  if (way === 'link') heal(run);
  else if (way === 'balancer') host.balancer.active.add(subject as BalancerUnit);
  else if (way === 'k3s') {
    const unit = host.units.get(subject as UnitName);
    if (unit?.state().active === 'inactive' && isAlive(host) && !world.signal.aborted) void unit.start();
  }
}

function cut({ host, world }: CommandRun): void {
  const others = [...world.hosts.keys()].filter((id) => id !== host.id);
  world.partitions = [...world.partitions, [new Set([host.id]), new Set([...others, LOAD_BALANCER])]];
}

function heal({ host, world }: CommandRun): void {
  world.partitions = world.partitions.filter(([one]) => one.size !== 1 || !one.has(host.id));
}

/** pod-dns: data-dir, seconds, name. */
export const podDnsCommand: Command = async (run) => {
  const { host, args, out, world } = run;
  const [, seconds = '0'] = args;
  let dns: (() => boolean) | undefined;
  await withApi(run, ({ cluster }) => {
    const pods = (): readonly { readonly node?: string; readonly phase: string }[] =>
      cluster.workloads.pods.filter(
        ({ namespace, labels }) => namespace === 'kube-system' && labels['k8s-app'] === 'kube-dns',
      );
    const runs = (node = ''): boolean => {
      const kubelet = cluster.kubelets.get(node);
      return kubelet !== undefined && isAlive(kubelet.host);
    };
    if (pods().length > 0) dns = () => pods().some(({ node, phase }) => phase === 'Running' && runs(node));
    return 0;
  });
  if (dns === undefined) {
    out('none there is no service kube-dns\n');
    return 0;
  }
  for (let turn = 0; turn < Number(seconds); turn += 1) {
    out(`${dns() && isAlive(host) ? 'ok' : 'no'} ${Math.floor(world.clock.now() / 1000)}\n`);
    if (!(await pause(run, 1000))) return 255;
  }
  return 0;
};
