import { later, say } from '../../core/base/say';
import { problem } from '../../core/base/problem';
import { count } from '../../core/base/words';
import { optionIsOn } from '../../core/cluster/options';
import { etcdMembers, nodesOf, servesApi, unitOf } from '../../core/cluster/roles';
import { diagramPart, drillPart, partName, partWords, usualParts, type DrillPart } from '../../core/drill/drillPart';
import type { Draft } from '../../core/plan/draft';
import { SERVER_DOWN, type MachineId } from '../../core/plan/step';
import { survives } from '../../core/topology/survival';
import { drillProblems } from '../planning/drillProblems';
import { identityProblems } from '../planning/identity';
import { nodesProof, tunnelsProof } from '../planning/nodesProof';
import { operatorProblems } from '../planning/operators';
import type { Situation } from '../planning/situation';
import { isRunning } from '../planning/starts';
import { bringBack } from '../steps/bringBack';
import { proveWhole } from '../steps/proveWhole';
import { takeAway } from '../steps/takeAway';
import { watchDrill } from '../steps/watchDrill';
import type { Operation } from './operation';

/** What is to be taken away, one after the other. */
export interface DrillIntent {
  /** Names of parts, `link:server-1`; none stands for {@link usualParts}. */
  readonly parts: readonly string[];
  /** How long each stays away. */
  readonly seconds: number;
  /** By it a machine remembers which parts of this drill are over. */
  readonly id?: string;
  /** What an earlier one has left is brought back, and nothing else is done. */
  readonly finishes?: boolean;
  /** The boot of each machine that is to be rebooted. */
  readonly boots?: Readonly<Record<MachineId, string>>;
}

/**
 * Takes one part after the other away for real, asks all the while, and brings each back before the next. Begins only when
 * everything is well; finds what a drill that was cut off has left, and brings only that back.
 */
export const drill: Operation<DrillIntent> = {
  id: 'drill',
  title: later`Failover Drill…`,
  asks: 'plan-and-name',
  costs: later`Parts of this cluster go down for real.`,
  then: 'refresh',
  // A machine that was left without its part needs no name.
  typed: (situation) => (leftOver(situation).length > 0 ? undefined : situation.cluster.name),
  bind: (situation, intent) => ({
    ...intent,
    id: intent.id ?? drillId(situation),
    finishes: intent.finishes ?? leftOver(situation).length > 0,
    boots: intent.boots ?? Object.fromEntries([...situation.facts].map(([id, { bootId }]) => [id, bootId])),
  }),
  plan(situation, intent, draft) {
    const left = leftOver(situation);
    if (left.length > 0) return finish(draft, situation, left, intent);
    if (intent.finishes === true) return;
    const wanted = intent.parts.length === 0 ? usualParts(situation.cluster) : [...new Set(intent.parts)];
    const parts = wanted.map((name) => drillPart(situation.cluster, name));
    draft.refuse(
      ...parts.flatMap((part) => (part.ok ? [] : [part.error])),
      ...identityProblems(situation),
      ...drillProblems(situation),
    );
    if (draft.problems.length > 0) return;
    let previous: readonly string[] = [];
    for (const part of parts) if (part.ok) previous = planPart(draft, situation, part.value, intent, previous);
    for (const step of tunnelsProof(situation, draft.steps)) draft.add(step, previous);
    draft.refuse(...operatorProblems(situation, draft.steps));
  },
};

function planPart(
  draft: Draft,
  situation: Situation,
  part: DrillPart,
  { id = '', seconds, boots }: DrillIntent,
  after: readonly string[],
): readonly string[] {
  const { cluster, facts } = situation;
  const { way, machine } = part;
  const name = partName(part);
  const seen = facts.get(machine.id);
  if (seen?.drilled?.id === id && seen.drilled.parts.includes(name)) return after;
  const survival = survives(cluster, [diagramPart(part)]);
  if (survival.api.outcome === 'no') {
    draft.refuse(
      problem('drill-takes-api', say`Without ${machine.id} the API would be gone`, {
        host: machine.id,
        why: survival.api.reason,
        nextSteps: [say`Leave "${name}" out with --parts; the diagram shows what this cluster hangs on.`],
      }),
    );
    return after;
  }
  const through = cluster.servers.find(
    (server) => server.id !== machine.id && servesApi(cluster, server) && isRunning(server, facts),
  );
  const unit = 'role' in machine ? unitOf(machine) : undefined;
  const proxy = situation.balancers.get(machine.id)?.proxy;
  const subject = { k3s: unit, balancer: proxy, link: machine.address, reboot: boots?.[machine.id] ?? seen?.bootId }[
    way
  ];
  if (through === undefined || subject === undefined || subject === '') {
    draft.refuse(
      problem('drill-part', say`"${name}" cannot be taken away`, {
        host: machine.id,
        why:
          through === undefined
            ? say`No other server is left to look at the cluster through.`
            : say`This machine does not tell enough of itself.`,
        nextSteps: [say`Leave it out with --parts.`],
      }),
    );
    return after;
  }
  const isServer = 'role' in machine && machine.role === 'server' && way !== 'balancer';
  const input = { part: name, way, subject, seconds };
  const taken = draft.add(
    takeAway.step(machine, input, say`${survival.api.reason} You asked to see it`, {
      ...(isServer ? { guards: ['api-answers', 'quorum'], holds: [{ what: SERVER_DOWN }] } : {}),
    }),
    after,
  );
  const members = etcdMembers(cluster).map((server) => server.id);
  const away = way !== 'balancer';
  const watched = draft.add(
    watchDrill.step(
      through,
      { part: name, machine: machine.id, seconds, members: members.filter((member) => !away || member !== machine.id) },
      say`${partWords(part)} is what is tried`,
      {
        about: machine.id,
      },
    ),
    [taken],
  );
  const back = { part: name, way, subject, node: away, drill: id };
  const own = draft.add(
    bringBack.step(machine, back, say`nothing stays away, whatever happens`, { always: true, after: [taken, watched] }),
  );
  const nodes = nodesOf(cluster).filter((node) => !optionIsOn(cluster, node, 'disable-agent'));
  const whole = {
    part: name,
    nodes: nodes.map((node) => node.id),
    members,
  };
  if (way === 'link' && seen?.init === 'openrc')
    draft.note(
      say`${machine.id} has no timers of systemd: the end of its cut is a process of its own, which a reboot would end, too.`,
    );
  if (way === 'reboot')
    draft.note(say`${machine.id} comes back only if it boots by itself. Its pods end with it; it is not drained.`);
  return [
    own,
    draft.add(proveWhole.step(through, whole, say`the next failure is to be the only one`, { about: machine.id }), [
      own,
    ]),
  ];
}

/** Machines on which a drill was cut off. */
function leftOver({ facts }: Situation): readonly (readonly [MachineId, string])[] {
  return [...facts].flatMap(([id, { drillTakes }]) => (drillTakes === undefined ? [] : [[id, drillTakes] as const]));
}

/** A drill that was cut off is ended, and nothing else is taken away. */
function finish(draft: Draft, situation: Situation, left: ReturnType<typeof leftOver>, { id = '' }: DrillIntent): void {
  const ends: string[] = [];
  for (const [machine, name] of left) {
    const part = drillPart(situation.cluster, name);
    const of = part.ok ? part.value.machine : undefined;
    if (!part.ok || of?.id !== machine) {
      draft.refuse(
        problem(
          'drill-part',
          say`A drill that was cut off has left ${machine} without "${name}", which this file does not describe`,
          {
            host: machine,
            nextSteps: [say`Finish it with the file that it was begun with.`],
          },
        ),
      );
      continue;
    }
    const { way } = part.value;
    const node = nodesOf(situation.cluster).find(({ id }) => id === machine);
    const unit = node === undefined ? '' : unitOf(node);
    const subject = {
      k3s: unit,
      balancer: situation.balancers.get(machine)?.proxy ?? 'haproxy',
      link: of.address,
      reboot: '',
    }[way];
    ends.push(
      draft.add(
        bringBack.step(
          of,
          { part: name, way, subject, node: way !== 'balancer', drill: id },
          say`an earlier drill was cut off`,
        ),
      ),
    );
  }
  if (draft.problems.length > 0) return;
  for (const step of nodesProof(situation, draft.steps)) draft.add(step, ends);
  draft.note(
    say`A drill was cut off: what it took from ${count(left.length, 'machine')} is brought back, and nothing else is taken. Run it again for another one.`,
  );
}

/** Another one at each time, and the same one for the same look. */
function drillId({ facts }: Situation): string {
  return `drill-${Math.max(0, ...[...facts.values()].map(({ time }) => time))}`;
}
