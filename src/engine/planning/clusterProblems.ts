import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import type { Steps } from '../../core/base/steps';
import { count, listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { unitOf } from '../../core/cluster/roles';
import { presentOptions } from '../../core/facts/presentOptions';
import { serviceName } from '../../core/k3s/serviceManager';
import { CONFIG_PATH } from '../../core/k3s/paths';
import { etcdHopProblem, upgradeProblem } from '../../core/k3s/upgrade';
import { balancerNotes, balancerProblems } from './balancerProblems';
import { airgapNotes, airgapProblems } from './airgapProblems';
import { overriddenOptions } from './configChange';
import { fileNotes } from './fileNotes';
import { fileProblems } from './fileProblems';
import { identityProblems, strangerNotes } from './identity';
import { immutableProblems } from './immutable';
import { kubeVipNotes, kubeVipProblems } from './kubeVip';
import { formerBalancerNotes } from './formerBalancers';
import { manifestDeletionNotes } from './manifestDeletion';
import { kubeVipLeavingNotes } from './kubeVipLeaving';
import { hostNotes, hostProblems } from './hostProblems';
import { unusableTokenProblems } from './tokenProblems';
import { reachedNodes, type Situation } from './situation';
import { hasData, isRunning, serverStart } from './starts';
import { unreachableNotes, unreachableProblems } from './unreachable';

/** Everything that keeps a cluster file from being carried out, found before anything is touched. */
export function* clusterProblems(situation: Situation): Steps<Problem[]> {
  const { cluster, facts, desired } = situation;
  const found = [
    ...(cluster.servers.length > 0
      ? []
      : [
          problem('no-server', say`The cluster file declares no server`, {
            nextSteps: [say`Add at least one node under servers.nodes.`],
          }),
        ]),
    ...airgapProblems(situation),
    ...installerProblems(situation),
    ...unusableTokenProblems(situation),
    ...unreachableProblems(situation),
    ...(yield* hostProblems(situation)),
  ];
  for (const node of reachedNodes(situation)) {
    const seen = facts.get(node.id);
    const content = desired.get(node.id);
    if (seen === undefined) continue;
    found.push(
      ...upgradeProblem(node, cluster.k3s.version, seen.k3sVersion),
      ...(seen.etcdData ? etcdHopProblem(node, cluster.k3s.version, seen.k3sVersion) : []),
      ...(content === undefined ? [] : immutableProblems(cluster, node, seen, content)),
      ...elsewhereProblems(situation, node),
      ...fileProblems(situation, node),
    );
    yield;
  }
  return [...found, ...identityProblems(situation), ...balancerProblems(situation), ...kubeVipProblems(situation)];
}

/** Variables of the install script that put K3s where it is not looked for. */
const MOVING = ['INSTALL_K3S_NAME', 'INSTALL_K3S_SYSTEMD_DIR', 'K3S_CONFIG_FILE'];

/** A folder that is the same for every shell; it stands in paths, so it is no reference to a secret. */
const FOLDER = /^(?:\/(?!\.\.?(?:\/|$))[\w.@+-]+)+\/*$/;

function installerProblems({ cluster }: Situation): Problem[] {
  const { env } = cluster.k3s.install;
  const folder = env['INSTALL_K3S_BIN_DIR'] ?? '';
  const unusable =
    folder === '' || FOLDER.test(folder)
      ? []
      : [
          problem('binary-folder-unusable', say`INSTALL_K3S_BIN_DIR under k3s.install.env is no path of a folder`, {
            nextSteps: [say`Write an absolute path without blanks, such as /opt/bin, of a folder that the hosts have.`],
          }),
        ];
  const moving = MOVING.filter((name) => (env[name] ?? '') !== '').map((name) =>
    problem(
      'installation-elsewhere',
      say`${name} under k3s.install.env puts K3s where this version of K3s HA does not look for it`,
      {
        nextSteps: [say`Remove ${name}: units and ${CONFIG_PATH} have to be in their usual places.`],
      },
    ),
  );
  return [...unusable, ...moving];
}

/** A K3s that does not read the file that would be written. */
function elsewhereProblems({ facts }: Situation, node: ClusterNode): Problem[] {
  const other = facts.get(node.id)?.units[unitOf(node)]?.environment['K3S_CONFIG_FILE'];
  if (other === undefined || other === CONFIG_PATH) return [];
  return [
    problem('configuration-elsewhere', say`K3s on ${node.id} reads ${other} instead of ${CONFIG_PATH}`, {
      host: node.id,
      why: say`The environment file of ${serviceName(unitOf(node), facts.get(node.id)?.init)} sets K3S_CONFIG_FILE.`,
      nextSteps: [say`Move the content to ${CONFIG_PATH} and take the variable away on the host.`],
    }),
  ];
}

/** Worth knowing before one says yes. */
export function* clusterNotes(situation: Situation): Steps<string[]> {
  const found = [...unreachableNotes(situation), ...(yield* hostNotes(situation))];
  for (const node of reachedNodes(situation)) {
    found.push(...elsewhereNotes(situation, node));
    yield;
  }
  return [
    ...found,
    ...airgapNotes(situation),
    ...fileNotes(situation),
    ...manifestDeletionNotes(situation),
    ...droppedNameNotes(situation),
    ...strangerNotes(situation),
    ...balancerNotes(situation),
    ...formerBalancerNotes(situation),
    ...kubeVipNotes(situation),
    ...kubeVipLeavingNotes(situation),
  ];
}

/** Other places on a host that configure K3s as well. */
function elsewhereNotes({ cluster, facts, desired }: Situation, node: ClusterNode): string[] {
  const seen = facts.get(node.id);
  const content = desired.get(node.id);
  if (seen === undefined || content === undefined || seen.units[unitOf(node)] === undefined) return [];
  const { elsewhere, unreadable, effective } = presentOptions(seen, unitOf(node));
  const overridden = overriddenOptions(node, seen, content, serverStart(cluster, node, facts));
  const wanted = content.options(serverStart(cluster, node, facts));
  const beside = [...elsewhere].filter(
    ([name]) => !overridden.has(name) && wanted[name] === undefined && effective.has(name),
  );
  return [
    ...[...overridden].map(
      ([name, by]) =>
        say`On ${node.id} ${by} decides ${name}; what the cluster file says about it has no effect there.`,
    ),
    ...(beside.length === 0
      ? []
      : [
          say`On ${node.id} ${listed([...new Set(beside.map(([, by]) => by))])} set ${listed(beside.map(([name]) => name))}, which the cluster file does not mention; they stay.`,
        ]),
    ...unreadable.map((path) => say`${path} on ${node.id} is no YAML that K3s can read.`),
  ];
}

/** Names that certificates have and the file does not want: they stay served, see the docs of the certificate of K3s. */
function droppedNameNotes({ cluster, facts, desired }: Situation): string[] {
  const server = cluster.servers.find((node) => isRunning(node, facts) && hasData(facts.get(node.id)));
  const seen = server === undefined ? undefined : facts.get(server.id);
  if (server === undefined || seen === undefined) return [];
  const names = (node: ClusterNode): readonly string[] => {
    const value = desired.get(node.id)?.options({ kind: 'found' })['tls-san'];
    return (Array.isArray(value) ? value : [value])
      .flatMap((item: unknown) => String(item ?? '').split(','))
      .map((name) => name.trim());
  };
  const wanted = new Set(cluster.servers.flatMap(names));
  const before = cluster.servers.flatMap((node) => {
    const present = facts.get(node.id);
    return present === undefined ? [] : (presentOptions(present, unitOf(node)).effective.get('tls-san') ?? []);
  });
  const dropped = [...new Set(before)].filter((name) => !wanted.has(name) && seen.certificateNames.includes(name));
  if (dropped.length === 0) return [];
  return [
    say`The certificate of the API keeps ${count(dropped.length, 'name')} that the file does not have any more: ${listed(dropped)}. K3s adds names and drops none; they do no harm.`,
  ];
}
