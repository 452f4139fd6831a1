import { etcdMembers, type EtcdMember } from '../../src/core/remote/etcd';
import type { Fleet } from './driver/fleet';
import { until } from './driver/run';

/** Everything on a host that a run decides; the token may be written in two forms that are worth the same. */
const LOOK = `sed '/^token: /d' /etc/rancher/k3s/config.yaml
k3s --version | sed -n 's/ (.*//;1p'
cat /etc/systemd/system/k3s*.service
systemctl is-enabled k3s k3s-agent 2> /dev/null
systemctl is-active k3s k3s-agent
stat -c '%A %U %n' /etc/rancher/k3s/* /usr/local/bin/* /etc/systemd/system/k3s*
ls -A /var/lib/k3s-ha | grep -v '^install\\.[a-z]*$'
exit 0`;

const NODE =
  '{.metadata.name} turn={.metadata.labels.turn} {.status.nodeInfo.kubeletVersion} {.status.conditions[?(@.type=="Ready")].status}';

/** What is on these hosts, in etcd and in Kubernetes, as far as runs decide it. Every fleet has a network of its own. */
export async function endState(fleet: Fleet, names: readonly string[], kubeconfig: string): Promise<string> {
  const hosts = await Promise.all(names.map(async (name) => `${name}\n${await fleet.host(name).mustExec(LOOK)}`));
  const command = etcdMembers('/var/lib/rancher/k3s');
  const member = fleet.host(names[0] ?? '');
  const { code, stdout, stderr } = await member.exec(command.script.text, { args: command.args });
  const etcd = command.parse({ exitCode: code, stdout, stderr });
  const members = etcd.ok ? etcd.value.members.map(memberText).sort() : [etcd.error.message];
  const listed = await fleet.kubectl(kubeconfig, [
    'get',
    'nodes',
    '-o',
    `jsonpath={range .items[*]}${NODE}{"\\n"}{end}`,
  ]);
  return [...hosts, 'etcd', ...members, 'nodes', listed.stdout, listed.stderr]
    .join('\n')
    .replaceAll(/\b10\.77\.\d+\./g, '10.77.N.');
}

function memberText({ nodeName, learner, peerUrls }: EtcdMember): string {
  return `${nodeName} ${learner ? 'learner' : 'voter'} ${peerUrls.join(' ')}`;
}

/** Waits until no unit of K3s on these hosts is on its way any more. */
export async function settled(fleet: Fleet, names: readonly string[]): Promise<void> {
  await Promise.all(
    names.map((name) =>
      until(`K3s on ${name} is up or down`, 60_000, async () => {
        const { stdout } = await fleet.host(name).exec('systemctl is-active k3s k3s-agent');
        return /activating/.test(stdout) ? undefined : true;
      }),
    ),
  );
}
