import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogues, flat } from '../../../../scripts/lib/catalogues.mjs';
import { speak } from '../../../../src/core/base/say';
import { planText } from '../../../../src/core/plan/planText';
import { operationById } from '../../../../src/engine/operations/registry';
import { clusterOf } from '../../../support/cluster';
import { englishIn } from '../../../support/english';
import { provisionedFacts, sha256, TOKEN } from '../../../support/plans';
import { scriptedCluster, type ScriptedCluster } from '../../../support/scriptedCluster';

const cluster = clusterOf({ servers: 3, agents: 2 });

function provisioned(): ScriptedCluster {
  return scriptedCluster(cluster, provisionedFacts(cluster));
}

/** Machines with another token than the file. */
function withOldToken(): ScriptedCluster {
  const old = 'the-token-of-before';
  const facts = provisionedFacts(cluster);
  for (const [id, seen] of facts)
    facts.set(id, {
      ...seen,
      config: seen.config?.replaceAll(TOKEN, old) ?? '',
      ...(seen.serverToken ? { tokenSha256: sha256(old) } : {}),
    });
  return scriptedCluster(cluster, facts);
}

describe.each(catalogues())('the plan of an operation in $language', (language) => {
  beforeEach(() => speak(new Map(Object.entries(flat(language)))));
  afterEach(() => speak(undefined));

  it.each([
    ['restart', { nodes: ['server-2'] }, provisioned],
    ['reboot', { nodes: ['agent-1'] }, provisioned],
    ['remove-node', { nodes: ['agent-2'] }, provisioned],
    ['renew-certificates', { nodes: [] }, provisioned],
    ['save-snapshot', { name: 'before' }, provisioned],
    ['rotate-token', {}, withOldToken],
    ['rotate-token', {}, provisioned],
    ['rotate-encryption-keys', {}, provisioned],
    ['reset-cluster', {}, provisioned],
  ] as const)('%s with %j has no English sentence', async (id, intent, machines) => {
    const { plan } = await machines().plan(cluster, { operation: operationById(id), intent });
    const told = [
      ...planText(plan)
        .split('\n')
        .filter((line) => !/^ +(?:[-+] |…|\/)/u.test(line)),
      ...plan.problems.flatMap(({ message, why, nextSteps = [] }) => [
        message,
        ...(why === undefined ? [] : [why]),
        ...nextSteps,
      ]),
    ];
    expect(told.some((line) => /\p{Script=Han}/u.test(line))).toBe(true);
    expect(englishIn(told)).toEqual([]);
  });
});
