import { later, say } from '../../core/base/say';
import { problem } from '../../core/base/problem';
import { listed } from '../../core/base/words';
import type { ClusterNode } from '../../core/cluster/cluster';
import { servesApi } from '../../core/cluster/roles';
import type { Draft } from '../../core/plan/draft';
import { change } from '../planning/changeSteps';
import { hookNotes } from '../planning/hooks';
import { identityProblems } from '../planning/identity';
import { nodesProof } from '../planning/nodesProof';
import { servedProof } from '../planning/servedProof';
import { servedNames } from '../planning/servedNames';
import type { Situation } from '../planning/situation';
import { hasData, isRunning } from '../planning/starts';
import { dropNames } from '../steps/dropNames';
import { renewCertificates } from '../steps/renewCertificates';
import { start } from '../steps/start';
import { stopServer } from '../steps/stopServer';
import type { Operation } from './operation';

/**
 * Makes the certificate of the API have the names that are wanted. A name that is missing comes with one restart of one server.
 * A name that is too many harms nobody, and goes only when every server is stopped and starts without a certificate: that is
 * what the plan says, and what the name of the cluster is typed for.
 */
export const repairCertificateNames: Operation<object> = {
  id: 'repair-certificate-names',
  title: later`Repair Certificate Names`,
  asks: 'plan-and-name',
  then: 'refresh',
  plan(situation, _, draft) {
    const { cluster, facts } = situation;
    const { surplus, missing } = servedNames(situation);
    draft.refuse(...identityProblems(situation));
    const stopped = cluster.servers.filter((node) => !isRunning(node, facts));
    for (const { id } of stopped.filter(
      (node) => !hasData(facts.get(node.id)) || facts.get(node.id)?.units.k3s === undefined,
    ))
      draft.refuse(
        problem('server-absent', say`K3s does not run on ${id}, as far as can be seen`, {
          host: id,
          why: situation.unreachable.get(id)?.message ?? say`The certificate has the names of all servers.`,
          nextSteps: [say`Bring it back: provisioning starts it, or says why it does not run. Then run this again.`],
        }),
      );
    if (draft.problems.length > 0) return;
    const back = bringBack(draft, situation, stopped);
    const drops = surplus.length > 0 && (back.length === 0 || situation.live?.through !== undefined);
    const last = drops
      ? dropAll(draft, situation, surplus, back)
      : back.length > 0
        ? back
        : addMissing(draft, situation, missing);
    if (draft.steps.length === 0) return;
    for (const step of nodesProof(situation, draft.steps)) draft.add(step, last);
    const expected = {
      ...(surplus.length > 0 ? { dropped: surplus } : { added: missing }),
      renewed: new Set(stopped.length === cluster.servers.length ? stopped.map(({ id }) => id) : []),
    };
    for (const step of servedProof(situation, expected)) draft.add(step, last);
    draft.note(...hookNotes(situation, draft.steps));
  },
  proof: (situation) => [...nodesProof(situation), ...servedProof(situation)],
};

/**
 * Starts what a run that was cut off has left stopped, or anybody else. Where no server shows the certificate any more, all of them
 * make it anew, as that run would have done.
 */
function bringBack(draft: Draft, { cluster }: Situation, stopped: readonly ClusterNode[]): readonly string[] {
  if (stopped.length === 0) return [];
  const all = stopped.length === cluster.servers.length;
  draft.note(
    say`K3s is stopped on ${listed(stopped.map(({ id }) => id))}, as a run that was cut off leaves it: it is started ${all ? say`with a new certificate` : say`first`}.`,
  );
  return stopped.map((server) =>
    draft.add(
      all
        ? renewCertificates.step(server, { role: 'server', alone: true }, say`no server shows the old certificate now`)
        : start.step(server, { role: 'server' }, say`all servers share the certificate`),
    ),
  );
}

/** One restart is enough for all servers: they share the certificate. */
function addMissing(draft: Draft, situation: Situation, missing: readonly string[]): readonly string[] {
  const [server] = situation.cluster.servers.filter((node) => servesApi(situation.cluster, node));
  if (missing.length === 0 || server === undefined) return [];
  draft.note(
    say`The certificate lacks ${listed(missing)}. One restart of one server adds that for all of them; options that only the file has come with the next provisioning.`,
  );
  return change(draft, situation, server, { pending: say`the certificate lacks ${listed(missing)}` }, []);
}

function dropAll(
  draft: Draft,
  situation: Situation,
  surplus: readonly string[],
  after: readonly string[],
): readonly string[] {
  const { cluster, live } = situation;
  const through = cluster.servers.find(({ id }) => id === live?.through);
  if (through === undefined) {
    draft.refuse(
      problem('api-silent', say`No server of the cluster answers, so its certificate cannot be changed`, {
        nextSteps: [say`Bring the API back first: "k3s-ha doctor" tells what it lacks.`],
      }),
    );
    return [];
  }
  const names = listed(surplus);
  draft.note(
    say`${names} ${surplus.length === 1 ? 'does' : 'do'} no harm in the certificate. To drop ${surplus.length === 1 ? 'it' : 'them'} every server is stopped at the same time: the API is away for about a minute, no pod is scheduled or moved meanwhile, and what runs goes on. To keep ${surplus.length === 1 ? 'it' : 'them'}, leave everything as it is, or write ${surplus.length === 1 ? 'it' : 'them'} under tls-san.`,
  );
  const listedAway = draft.add(dropNames.step(through, { names: surplus }, say`the file does not have them`), after);
  const stopped = cluster.servers.map((server: ClusterNode) =>
    draft.add(stopServer.step(server, {}, say`K3s makes the certificate anew only when no server shows it`), [
      listedAway,
    ]),
  );
  return cluster.servers.map((server) => {
    const step = renewCertificates.step(server, { role: 'server', alone: true }, say`the certificate has ${names}`, {
      always: true,
      after: stopped,
    });
    return draft.add(step);
  });
}
