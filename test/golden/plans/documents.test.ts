import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/core/cluster/cluster';
import { disclosuresOf } from '../../../src/core/cluster/disclosures';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import type { Plan } from '../../../src/core/plan/plan';
import { planDocument, type PlanDocument } from '../../../src/core/plan/planDocument';
import { freshFacts, planFor, provisionedFacts } from '../../support/plans';

const FILE = join(import.meta.dirname, '../../../examples/practice/cluster.k3s.yaml');
const UPDATE = process.env['UPDATE_GOLDEN'] !== undefined;

const text = readFileSync(FILE, 'utf8');
const clusterIn = (yaml: string): Cluster => normalise(parseDocument(yaml).data);
const practice = clusterIn(text);
const changed = clusterIn(
  text.replace('secrets-encryption: true', 'secrets-encryption: true\n    write-kubeconfig-mode: "0640"'),
);

const documentOf = (plan: Plan, cluster: Cluster): PlanDocument =>
  planDocument(plan, { title: 'Provision Cluster', disclosures: disclosuresOf(cluster) });

describe('the document of a plan for the practice example', () => {
  it.each([
    ['practice-fresh', documentOf(planFor(practice, freshFacts(practice)), practice)],
    ['practice-option', documentOf(planFor(changed, provisionedFacts(practice)), changed)],
    ['practice-nothing', documentOf(planFor(practice, provisionedFacts(practice)), practice)],
  ])('%s reads as it did', (name, document) => {
    const path = join(import.meta.dirname, `${name}.k3s-plan`);
    if (UPDATE) writeFileSync(path, document.text);
    expect(document.text).toBe(readFileSync(path, 'utf8'));
  });
});
