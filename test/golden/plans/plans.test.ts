import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/cluster/cluster';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import { planText } from '../../../src/core/plan/planText';
import { speak } from '../../../src/core/base/say';
import { withFreshBalancers } from '../../support/balancers';
import { readAirgapFolder } from '../../../src/engine/planning/airgapFolder';
import { catalogues, flat } from '../../../scripts/lib/catalogues.mjs';
import { englishIn } from '../../support/english';
import { releaseTexts } from '../../support/airgap';
import { localFolder, readTexts } from '../../support/localFiles';
import { contentFor, freshFacts, planFor } from '../../support/plans';

const EXAMPLES = join(import.meta.dirname, '../../../examples');
const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;

function clusterIn(example: string): Cluster {
  return normalise(parseDocument(readFileSync(join(EXAMPLES, example, 'cluster.k3s.yaml'), 'utf8')).data);
}

/** The plan for hosts on which nothing is installed yet. */
async function freshPlan(cluster: Cluster): Promise<string> {
  const facts = withFreshBalancers(cluster, freshFacts(cluster));
  const texts = (cluster.datastore.uploads ?? []).map(({ from }) => [from, `what stands in ${from}\n`]);
  const read = await readAirgapFolder(cluster, localFolder(releaseTexts('v1.36.3+k3s1')));
  const airgap = read?.ok === true ? { airgap: read.value } : {};
  const local = { ...readTexts(Object.fromEntries(texts) as Record<string, string>), ...airgap };
  const desired = contentFor(cluster, undefined, local, facts);
  return planText(planFor(cluster, facts, { desired, ...airgap }));
}

describe('the plan of an example', () => {
  const examples = readdirSync(EXAMPLES).filter((name) => existsSync(join(EXAMPLES, name, 'cluster.k3s.yaml')));

  it.each(examples)('%s reads as it did', async (example) => {
    const text = await freshPlan(clusterIn(example));
    const path = join(import.meta.dirname, `${example}.txt`);
    if (UPDATE) writeFileSync(path, text);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });
});

describe.each(catalogues())('the plan of an example in $language', (language) => {
  afterEach(() => speak(undefined));

  it.each(['embedded-etcd', 'practice', 'mysql-slb'])('%s has no English sentence', async (example) => {
    speak(new Map(Object.entries(flat(language))));
    const lines = (await freshPlan(clusterIn(example))).split('\n');
    // What the hosts get is no text for people.
    const told = lines.filter((line) => !/^ +(?:[-+] |…|\/)/u.test(line));
    expect(told.filter((line) => /\p{Script=Han}/u.test(line)).length).toBeGreaterThan(20);
    expect(englishIn(told)).toEqual([]);
  });
});
