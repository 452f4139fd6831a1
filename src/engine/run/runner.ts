import { say } from '../../core/base/say';
import type { DrillWatch } from '../drill/drillWatch';
import { problem, type Problem } from '../../core/base/problem';
import { err, type Result } from '../../core/base/result';
import type { Cluster, ClusterNode } from '../../core/cluster/cluster';
import { apiPort, dataDir } from '../../core/cluster/options';
import { machinesOf, nodesOf } from '../../core/cluster/roles';
import type { RunEvent } from '../../core/plan/events';
import { readCaHash } from '../../core/remote/caHash';
import { guardById } from '../guards/registry';
import { target } from '../hosts/targets';
import type { ArtifactFolder, Clock, Handshakes, ProgramDoor, RemoteHosts } from '../ports';
import type { BalancerContent } from '../planning/balancers';
import type { Situation } from '../planning/situation';
import { runStep } from '../steps/registry';
import type { Machine, RunnableKind, StepContext } from '../steps/step';
import type { CopiedSnapshot, CopyOptions } from '../snapshots/copiedSnapshot';
import type { RunMask } from './mask';
import type { PreparedPlan } from './prepare';
import type { StepRunner } from './schedule';
import { sentWords } from './sentWords';

/** What the steps of a run need of the world. */
export interface RunnerDependencies {
  readonly hosts: RemoteHosts;
  readonly clock: Clock;
  readonly startTimeoutMs: number;
  readonly onEvent: (event: RunEvent) => void;
  readonly mask: RunMask;
  /** Without it nothing of a cluster file runs on this computer. */
  readonly programs?: ProgramDoor;
  /** Without it no file that the person has named goes to a host. */
  readonly artifacts?: Pick<ArtifactFolder, 'open'>;
  /** Without it no snapshot comes to this computer. */
  readonly copies?: (options: CopyOptions) => Promise<Result<CopiedSnapshot, Problem>>;
  /** Without it nobody looks at what servers show to this computer. */
  readonly handshakes?: Handshakes;
  /** Without it nothing is taken away by a drill. */
  readonly drill?: DrillWatch;
  /** The kinds that steps may have; all of the registry when it is left out. */
  readonly kinds?: readonly RunnableKind<never>[];
}

/** The runner for the steps of one prepared plan: its guards are asked first, then its kind does the work. */
export function stepRunner(prepared: PreparedPlan, deps: RunnerDependencies): StepRunner {
  const { situation, secrets, installScript } = prepared;
  const nodes = new Map(nodesOf(situation.cluster).map((node) => [node.id, node]));
  const node = (id: string): ClusterNode => {
    const found = nodes.get(id);
    if (found === undefined) throw new Error(`the plan names an unknown machine ${id}`);
    return found;
  };
  const machines = new Map(machinesOf(situation.cluster).map((machine) => [machine.id, machine]));
  const reach = (id: string): Machine => {
    const found = machines.get(id);
    if (found === undefined) throw new Error(`the plan names an unknown machine ${id}`);
    return found;
  };
  const caHash = caHashes(situation.cluster);
  return async (step, { signal, progress, stateOf }) => {
    const at: StepContext = {
      cluster: situation.cluster,
      machine: reach(step.on),
      facts: situation.facts,
      clock: deps.clock,
      ...(deps.drill === undefined ? {} : { drill: deps.drill }),
      signal,
      startTimeoutMs: deps.startTimeoutMs,
      mask: deps.mask,
      secrets: secrets.masks,
      progress,
      node,
      reach,
      balancer: (id) => balancerOf(situation.balancers, id),
      balancerAfter: (id) => balancerOf((situation.outcome ?? situation).balancers, id),
      content(id) {
        const content = situation.outcome?.desired.get(id) ?? situation.desired.get(id);
        if (content === undefined) throw new Error(`no content for ${id}`);
        return content;
      },
      installScript() {
        if (installScript === undefined) throw new Error('the plan installs K3s and names no install script');
        return installScript;
      },
      stateOf,
      caHash: (server) => caHash(server, at),
      here: async (program) => {
        if (deps.programs === undefined) throw new Error(`nobody was asked whether ${program.name} may run here`);
        const onLine = (line: string): void => deps.onEvent({ type: 'output', node: step.about, line });
        const ran = await deps.programs.run({ ...program, signal, onLine });
        return ran.ok ? { kind: 'done' } : { kind: 'failed', problem: { host: step.about, ...ran.error } };
      },
      readHere: async (path, sha256) => {
        if (deps.artifacts === undefined)
          throw new Error(`the plan sends ${path}, and nothing of this computer can be`);
        const read = await deps.artifacts.open(path);
        return read.ok && read.value.sha256 !== sha256 ? err(changedHere(path)) : read;
      },
      copyHere: async ({ folder, ...what }) => {
        if (deps.copies === undefined) throw new Error('the plan copies a snapshot, and nothing can come here');
        return deps.copies({ ...what, place: (name) => inFolder(folder, name), signal });
      },
      shownBy: async (server) => {
        if (deps.handshakes === undefined) throw new Error('the plan looks at certificates, and nothing here can');
        const port = apiPort(situation.cluster, server);
        const stream = await deps.hosts.openTunnel(target(server), '127.0.0.1', port, signal);
        return stream.ok ? deps.handshakes.certificate(stream.value, signal) : stream;
      },
      on: (machine, command) =>
        deps.hosts.run(target(machine), command, {
          signal,
          ...(command.unshown === true
            ? {}
            : { onLine: (line: string): void => deps.onEvent({ type: 'output', node: machine.id, line }) }),
          onSent: sentWords(progress, deps.clock),
        }),
    };
    if (signal.aborted) return { kind: 'cancelled' };
    for (const id of step.guards) {
      const refused = await guardById(id).check(node(step.on), at);
      if (refused !== undefined && !signal.aborted) {
        return deps.mask.outcome({ kind: 'failed', problem: refused });
      }
    }
    const outcome = deps.mask.outcome(await runStep(step, at, deps.kinds));
    return signal.aborted && outcome.kind !== 'done' ? { kind: 'cancelled' } : outcome;
  };
}

function changedHere(path: string): Problem {
  return problem('copy-changed', say`${path} has changed since the plan was shown, so nothing of it was sent`, {
    nextSteps: [say`Run the command again and look at the new plan.`],
  });
}

/** A path as this computer writes them. */
function inFolder(folder: string, name: string): string {
  const separator = /^(?:[A-Za-z]:)?\\/.test(folder) ? '\\' : '/';
  return folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`;
}

function balancerOf(balancers: Situation['balancers'], id: string): BalancerContent {
  const content = balancers.get(id);
  if (content === undefined) throw new Error(`no load balancer for ${id}`);
  return content;
}

/** Asks each server once; one that does not tell is asked again. */
function caHashes(cluster: Cluster): (server: ClusterNode, at: StepContext) => Promise<string | undefined> {
  const asked = new Map<string, Promise<string | undefined>>();
  return async (server, at) => {
    const question =
      asked.get(server.id) ??
      at
        .on(server, readCaHash(dataDir(cluster, server)))
        .then((read) => (read.kind === 'done' ? read.value : undefined));
    asked.set(server.id, question);
    const hash = await question;
    if (hash === undefined) asked.delete(server.id);
    return hash;
  };
}
