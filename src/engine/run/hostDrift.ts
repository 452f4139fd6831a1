import { say } from '../../core/base/say';
import type { ClusterNode } from '../../core/cluster/cluster';
import { balancerMachines, nodesOf, unitOf } from '../../core/cluster/roles';
import { presentOptions, type OptionTexts } from '../../core/facts/presentOptions';
import type { HostFacts } from '../../core/facts/probe';
import type { DriftSubject, HostDifference, HostDrift, Stranger } from '../../core/health/hostDrift';
import { matchNodes } from '../../core/health/matchNodes';
import type { HostFinding, HostLook } from '../../core/hostChecks/hostCheck';
import { endpointsDiffer } from '../../core/hostChecks/checks/endpointsDiffer';
import { otherOperator } from '../../core/hostChecks/checks/otherOperator';
import { shownValue } from '../../core/language/shownValue';
import { CONFIG_PATH } from '../../core/k3s/paths';
import type { FileDifference } from '../../core/plan/difference';
import { touchedMachines } from '../../core/plan/planText';
import { askMarks } from '../checks/askMarks';
import { balancerChange, surplusUnits } from '../planning/balancerChange';
import type { OptionDifference } from '../planning/configChange';
import { lackingMarks } from '../planning/lackingMarks';
import { planChange, type NodeChange } from '../planning/nodeChange';
import { servedNames } from '../planning/servedNames';
import type { Situation } from '../planning/situation';
import { isRunning } from '../planning/starts';
import type { RemoteHosts } from '../ports';
import { runMask } from './mask';
import type { PreparedPlan } from './prepare';

/**
 * Where machines are not as the file says, read from the look that a plan of provisioning was made by: also when something keeps
 * that plan from being carried out. What no comparison here tells is told by the steps of the plan.
 * One more question goes to a server: what the running cluster says of itself.
 */
export async function lookForDrift(
  prepared: PreparedPlan,
  hosts: RemoteHosts,
  signal?: AbortSignal,
): Promise<HostDrift> {
  const { cluster, facts } = prepared.situation;
  return hostDrift(prepared, hosts, await askMarks(cluster, facts, hosts, signal));
}

function hostDrift(
  { plan, situation, secrets }: PreparedPlan,
  hosts: RemoteHosts,
  marks: HostLook['marks'],
): HostDrift {
  const mask = runMask(secrets.masks, hosts);
  const { cluster, facts, unreachable } = situation;
  const nodes = new Map(nodesOf(cluster).map((node) => [node.id, node]));
  const touched = new Set(touchedMachines(plan).map(({ id }) => id));
  const told = clusterDifferences(situation, marks);
  const machines = plan.machines.flatMap((machine) => {
    const { id } = machine;
    const there = facts.get(id);
    if (there === undefined) return [];
    const node = nodes.get(id);
    const own = [
      ...(node === undefined ? [] : nodeDifferences(situation, node, there)),
      ...balancerDifferences(situation, id, there),
      ...told.filter(({ machine: of }) => of === id),
    ];
    const all = own.length === 0 && touched.has(id) ? planned(plan, id) : own;
    return [{ ...machine, differences: all.map(masked) }];
  });
  return {
    machines,
    unseen: plan.machines.flatMap((machine) => {
      const problem = unreachable.get(machine.id);
      return problem === undefined ? [] : [{ ...machine, problem }];
    }),
    strangers: strangersOf(situation),
    problems: plan.problems,
  };

  function masked(difference: HostDifference): HostDifference {
    const { about } = difference;
    const isTold = about.kind !== 'option' || about.present?.some((text) => mask.line(text) !== text) !== true;
    return {
      ...difference,
      about: isTold ? about : { kind: 'option', name: about.name, secret: true },
      seen: mask.line(difference.seen),
      says: mask.line(difference.says),
    };
  }
}

function nodeDifferences(situation: Situation, node: ClusterNode, there: HostFacts): readonly HostDifference[] {
  const { facts } = situation;
  const unit = there.units[unitOf(node)];
  const of = (about: DriftSubject, seen: string, says: string, files: readonly FileDifference[] = []) => ({
    machine: node.id,
    about,
    seen,
    says,
    files,
  });
  if (unit === undefined || there.k3sVersion === undefined)
    return [of({ kind: 'state' }, say`K3s is not installed`, say`the file has it as ${a(node.role)}`)];
  const change = planChange(situation, node);
  return [
    ...(isRunning(node, facts)
      ? []
      : [of({ kind: 'state' }, say`K3s is ${unit.active}`, say`the file wants it to run`)]),
    ...installationDifference(situation, there, change).map(([about, seen, says]) => of(about, seen, says)),
    ...optionsOf(change).map(([option, files]) => of(...optionWords(option), files)),
    ...dropInOptions(situation, node, there).map(([about, seen, says]) => of(about, seen, says)),
    ...(change.files ?? []).map(({ path, reason, difference, kind }) =>
      of(
        { kind: 'file', path },
        kind === 'remove' ? say`${path} is still there` : say`${path} differs`,
        kind === 'remove' ? reason : say`the file has another one: ${reason}`,
        [difference],
      ),
    ),
    ...lackingMarks(situation, node).map(({ option, key, wanted, present }) =>
      of(
        { kind: 'mark', option, key, ...(present === undefined ? { present: '' } : { present }) },
        present === undefined ? say`the Node lacks the ${option} ${key}` : say`the Node has the ${option} ${present}`,
        say`the file says ${wanted}`,
      ),
    ),
    ...(change.pending === undefined
      ? []
      : [of({ kind: 'state' }, change.pending, say`the file asks for a restart of K3s`)]),
    ...certificateDifference(situation, node, change).map((names) =>
      of(
        { kind: 'certificate' },
        say`the certificate of the API lacks ${names.join(', ')}`,
        say`the file lists that under tls-san`,
      ),
    ),
  ];
}

function a(role: ClusterNode['role']): string {
  return role === 'server' ? say`a server` : say`an agent`;
}

type Told = readonly [about: DriftSubject, seen: string, says: string];

function installationDifference(
  { cluster }: Situation,
  { k3sVersion }: HostFacts,
  { installation }: NodeChange,
): readonly Told[] {
  if (installation === undefined) return [];
  const { version } = cluster.k3s;
  return k3sVersion !== undefined && version !== undefined && k3sVersion !== version
    ? [[{ kind: 'version', present: k3sVersion }, say`K3s is ${k3sVersion}`, say`the file says ${version}`]]
    : [[{ kind: 'other' }, installation.reason, say`the file says otherwise`]];
}

/** Each option with the whole file, which stands at the first one only. */
function optionsOf({ config }: NodeChange): readonly (readonly [OptionDifference, readonly FileDifference[]])[] {
  if (config === undefined) return [];
  const { options, difference } = config;
  return options.map((option, at) => [option, at === 0 ? [difference] : []]);
}

function optionWords({ name, present, wanted }: OptionDifference): Told {
  const hidden = [...(present ?? []), ...(wanted ?? [])].some((text) => shownValue(name, text) === undefined);
  if (hidden)
    return [
      { kind: 'option', name, secret: true },
      present === undefined ? say`${name} is not set` : say`${name} has another value`,
      wanted === undefined ? say`the file does not have it` : say`the file gives it one`,
    ];
  return [
    { kind: 'option', name, ...(present === undefined ? {} : { present }) },
    present === undefined ? say`${name} is not set` : say`${name} is ${valueWords(present)}`,
    wanted === undefined ? say`the file does not have it` : say`the file says ${valueWords(wanted)}`,
  ];
}

function valueWords(texts: OptionTexts): string {
  return texts.length === 0 || texts.every((text) => text === '') ? 'empty' : texts.join(', ');
}

/** What drop-ins of other hands decide: no plan changes it. */
function dropInOptions({ desired }: Situation, node: ClusterNode, there: HostFacts): readonly Told[] {
  const content = desired.get(node.id);
  const { elsewhere, effective } = presentOptions(there, unitOf(node));
  const ours = new Set(content?.files.map(({ to }) => to));
  const wanted = content?.options({ kind: 'found' }) ?? {};
  return [...elsewhere].flatMap(([name, by]): Told[] => {
    const present = effective.get(name) ?? [];
    const says = optionTextsOf(wanted[name]);
    if (!by.startsWith('/') || by === CONFIG_PATH || ours.has(by) || present.join() === says?.join()) return [];
    if (present.some((text) => shownValue(name, text) === undefined))
      return [[{ kind: 'option', name, secret: true, by }, say`${by} sets ${name}`, say`the file does not decide it`]];
    return [
      [
        { kind: 'option', name, present, by },
        say`${by} sets ${name} to ${valueWords(present)}`,
        says === undefined ? say`the file does not have it` : say`the file says ${valueWords(says)}`,
      ],
    ];
  });
}

function optionTextsOf(value: unknown): OptionTexts | undefined {
  return value === undefined ? undefined : [value].flat().map(String);
}

/** Names of the file that a server is configured to serve and does not. */
function certificateDifference(
  situation: Situation,
  node: ClusterNode,
  { config }: NodeChange,
): readonly (readonly string[])[] {
  const isAsked = config?.options.some(({ name }) => name === 'tls-san') === true;
  if (node !== situation.cluster.servers[0] || isAsked || !situation.facts.has(node.id)) return [];
  const { missing } = servedNames(situation);
  return missing.length === 0 ? [] : [missing];
}

/** Who answers as `default/kubernetes` there, and who else decides about releases. */
function clusterDifferences(
  { cluster, facts, unreachable }: Situation,
  marks: HostLook['marks'],
): readonly HostDifference[] {
  if (marks === undefined) return [];
  const look = { cluster, facts, unreachable, marks };
  const isDrift = ({ severity }: HostFinding): boolean => severity !== 'info';
  return [
    ...endpointsDiffer.judge(look).map(({ machine, message, nextSteps }): HostDifference => ({
      machine,
      about: { kind: 'endpoints' },
      seen: message.replace(/\.$/, ''),
      says: [say`each server announces its own address`, ...nextSteps.slice(0, 1)].join('. '),
      files: [],
    })),
    ...otherOperator
      .judge(look)
      .filter(isDrift)
      .map(({ machine, message }): HostDifference => ({
        machine,
        about: { kind: 'other' },
        seen: message.replace(/\.$/, ''),
        says:
          cluster.k3s.version === undefined ? say`the file says otherwise` : say`the file says ${cluster.k3s.version}`,
        files: [],
      })),
  ];
}

function balancerDifferences(
  { cluster, balancers }: Situation,
  machine: string,
  there: HostFacts,
): readonly HostDifference[] {
  const content = balancers.get(machine);
  const carries = balancerMachines(cluster).some(({ id }) => id === machine);
  const about: DriftSubject = { kind: 'balancer' };
  const surplus = carries && content === undefined ? [] : surplusUnits(content, there);
  const parts = content === undefined ? [] : balancerChange(content, there).parts;
  return [
    ...parts.map(({ unit, reason, differences }) => ({
      machine,
      about,
      seen: say`${unit} of the load balancer: ${reason}`,
      says: say`the file says otherwise`,
      files: differences,
    })),
    ...surplus.map((unit) => ({
      machine,
      about,
      seen: say`${unit} is still a load balancer`,
      says: say`the file has none there`,
      files: [],
    })),
  ];
}

/** What only the plan knows: the first thing that it does to a machine, with all files that it changes there. */
function planned({ steps }: PreparedPlan['plan'], machine: string): readonly HostDifference[] {
  const own = steps.filter(({ about, phase }) => about === machine && phase !== 'wait' && phase !== 'check');
  const [first] = own;
  if (first === undefined) return [];
  const { title, reason } = first.says;
  return [
    {
      machine,
      about: { kind: 'other' },
      seen: reason,
      says: say`Provision would ${title[0]?.toLowerCase()}${title.slice(1)}`,
      files: own.flatMap(({ differences }) => differences),
    },
  ];
}

function strangersOf({ cluster, live }: Situation): readonly Stranger[] {
  return matchNodes(cluster, live?.nodes ?? []).undeclared.map(({ name, role, internalIp }) => ({
    name,
    role,
    ...(internalIp === undefined ? {} : { address: internalIp }),
  }));
}
