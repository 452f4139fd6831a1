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
import { isRunning } from '../planning/starts';
import { dropNames } from '../steps/dropNames';
import { renewCertificates } from '../steps/renewCertificates';
import { stopServer } from '../steps/stopServer';
import type { Operation } from './operation';

/**
 * Makes the certificate of the API have the names that are wanted. A name that is missing comes with one restart of one server.
 * A name that is too many harms nobody, and goes only when every server is stopped and starts without a certificate: that is
 * what the plan says, and what the name of the cluster is typed for.
 */
export const repairCertificateNames: Operation<object> = {
  id: 'repair-certificate-names',
  title: 'Repair Certificate Names',
  asks: 'plan-and-name',
  then: 'refresh',
  plan(situation, _, draft) {
    const { cluster, facts } = situation;
    const { surplus, missing } = servedNames(situation);
    draft.refuse(...identityProblems(situation));
    for (const { id } of cluster.servers.filter((node) => !isRunning(node, facts)))
      draft.refuse(
        problem('server-absent', `K3s does not run on ${id}, as far as can be seen`, {
          host: id,
          why: situation.unreachable.get(id)?.message ?? 'The certificate has the names of all servers.',
          nextSteps: ['Bring it back: provisioning starts it, or says why it does not run. Then run this again.'],
        }),
      );
    if (draft.problems.length > 0) return;
    const last = surplus.length > 0 ? dropAll(draft, situation, surplus) : addMissing(draft, situation, missing);
    if (draft.steps.length === 0) return;
    for (const step of nodesProof(situation)) draft.add(step, last);
    const expected = surplus.length > 0 ? { dropped: surplus } : { added: missing };
    for (const step of servedProof(situation, expected)) draft.add(step, last);
    draft.note(...hookNotes(situation, draft.steps));
  },
  proof: (situation) => [...nodesProof(situation), ...servedProof(situation)],
};

/** One restart is enough for all servers: they share the certificate. */
function addMissing(draft: Draft, situation: Situation, missing: readonly string[]): readonly string[] {
  const [server] = situation.cluster.servers.filter((node) => servesApi(situation.cluster, node));
  if (missing.length === 0 || server === undefined) return [];
  draft.note(
    `The certificate lacks ${listed(missing)}. One restart of one server adds that for all of them; options that only the file has come with the next provisioning.`,
  );
  return change(draft, situation, server, { pending: `the certificate lacks ${listed(missing)}` }, []);
}

function dropAll(draft: Draft, situation: Situation, surplus: readonly string[]): readonly string[] {
  const { cluster, live } = situation;
  const through = cluster.servers.find(({ id }) => id === live?.through);
  if (through === undefined) {
    draft.refuse(
      problem('api-silent', 'No server of the cluster answers, so its certificate cannot be changed', {
        nextSteps: ['Bring the API back first: "k3s-ha doctor" tells what it lacks.'],
      }),
    );
    return [];
  }
  const names = listed(surplus);
  draft.note(
    `${names} ${surplus.length === 1 ? 'does' : 'do'} no harm in the certificate. To drop ${surplus.length === 1 ? 'it' : 'them'} every server is stopped at the same time: the API is away for about a minute, no pod is scheduled or moved meanwhile, and what runs goes on. To keep ${surplus.length === 1 ? 'it' : 'them'}, leave everything as it is, or write ${surplus.length === 1 ? 'it' : 'them'} under tls-san.`,
  );
  const listedAway = draft.add(dropNames.step(through, { names: surplus }, 'the file does not have them'));
  const stopped = cluster.servers.map((server: ClusterNode) =>
    draft.add(stopServer.step(server, {}, 'K3s makes the certificate anew only when no server shows it'), [listedAway]),
  );
  return cluster.servers.map((server) => {
    const step = renewCertificates.step(server, { role: 'server', alone: true }, `the certificate has ${names}`, {
      always: true,
      after: stopped,
    });
    return draft.add(step);
  });
}
