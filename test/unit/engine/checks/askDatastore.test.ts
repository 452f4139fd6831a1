import { describe, expect, it } from 'vitest';
import { err, ok } from '../../../../src/core/base/result';
import { problem } from '../../../../src/core/base/problem';
import type { DatastoreQuestion, PlacedFinding } from '../../../../src/core/datastore/trial/trial';
import { checkHosts } from '../../../../src/core/hostChecks/registry';
import { askDatastore, type AskedDatastore } from '../../../../src/engine/checks/askDatastore';
import { clusterOf } from '../../../support/cluster';
import { freshFacts, provisionedFacts, sha256 } from '../../../support/plans';
import { scriptedHosts } from '../../../support/scriptedHosts';

const ENDPOINT = 'mysql://ksd:${secret:db}@tcp(10.0.0.60:3306)/k3s';
const CLUSTER = clusterOf({ agents: 0, datastore: { type: 'mysql', endpoint: ENDPOINT } });
const RUNNING = provisionedFacts(CLUSTER);
const BEHIND: PlacedFinding = {
  weight: 'note',
  code: 'datastore-compaction-behind',
  says: 'has not been compacted for long: 250000 revisions wait, so its table grows and gets slow',
  why: 'The last revision is 251000, compacted up to 1000.',
  nextSteps: ['Look for "Compact failed" in the journal of k3s on the servers.'],
  part: '10.0.0.60:3306',
};

interface Asked {
  readonly questions: DatastoreQuestion[];
  readonly look: (facts?: typeof RUNNING, secret?: 'there' | 'absent') => ReturnType<typeof askDatastore>;
}

function asking(findings: readonly PlacedFinding[], cluster = CLUSTER): Asked {
  const questions: DatastoreQuestion[] = [];
  const never = (): never => {
    throw new Error('no file is needed');
  };
  const asked: AskedDatastore = {
    databases: {
      try: async (question) => {
        questions.push(question);
        return findings;
      },
    },
    clock: { now: () => 0, sleep: async () => undefined } as AskedDatastore['clock'],
    sha256,
    artifacts: { open: never, list: never, folder: never } as unknown as AskedDatastore['artifacts'],
    certificates: {} as AskedDatastore['certificates'],
    lineOf: () => undefined,
  };
  const hosts = scriptedHosts(() => ({}));
  hosts.openTunnel = async () => err(problem('tunnel-failed', 'nothing listens there'));
  return {
    questions,
    look: (facts = RUNNING, secret = 'there') => {
      const secrets = {
        resolve: async () => (secret === 'there' ? ok('geheim') : err(problem('secret-missing', 'no secret db'))),
        refused: () => undefined,
        worked: async () => undefined,
      };
      return askDatastore(cluster, facts, { hosts, secrets }, asked, undefined);
    },
  };
}

describe('the datastore of a running cluster', () => {
  it('is asked through one server, with the login of the file and the hash of its token', async () => {
    const { look, questions } = asking([BEHIND]);
    const seen = await look();
    expect(seen).toEqual({ through: 'server-1', findings: [BEHIND] });
    expect(questions).toHaveLength(1);
    expect(questions[0]).toMatchObject({ endpoint: 'mysql://ksd:geheim@tcp(10.0.0.60:3306)/k3s' });
    expect(questions[0]?.context.tokenHash).toMatch(/^[0-9a-f]{12}$/);
    const found = checkHosts({ cluster: CLUSTER, facts: RUNNING, unreachable: new Map(), datastore: seen! });
    expect(found.filter(({ id }) => id === 'compaction-behind')).toEqual([
      expect.objectContaining({
        severity: 'warning',
        machine: 'server-1',
        message: expect.stringMatching(/10\.0\.0\.60:3306 has not been compacted for long: 250000 revisions wait/),
        why: 'The last revision is 251000, compacted up to 1000.',
      }),
    ]);
  });

  it('says nothing twice where a journal tells why, and nothing of what is well', async () => {
    const seen = await asking([BEHIND]).look();
    const facts = new Map(
      [...RUNNING].map(([id, one]) => [id, { ...one, compactionFailed: 'Compact failed: Error 1020' }] as const),
    );
    const found = checkHosts({ cluster: CLUSTER, facts, unreachable: new Map(), datastore: seen! });
    const told = found.filter(({ id }) => id === 'compaction-behind').map(({ message }) => message);
    expect(told).toHaveLength(CLUSTER.servers.length);
    expect(told.join()).not.toContain('revisions wait');
    const well = await asking([{ ...BEHIND, code: 'datastore-own-data' }]).look();
    const none = checkHosts({ cluster: CLUSTER, facts: RUNNING, unreachable: new Map(), datastore: well! });
    expect(none.filter(({ id }) => id === 'compaction-behind')).toEqual([]);
  });

  it('is left alone while no server runs, where its password is not known, and where etcd is on the servers', async () => {
    const { look, questions } = asking([BEHIND]);
    expect(await look(freshFacts(CLUSTER))).toBeUndefined();
    expect(await look(RUNNING, 'absent')).toBeUndefined();
    const embedded = clusterOf();
    expect(await asking([BEHIND], embedded).look(provisionedFacts(embedded))).toBeUndefined();
    expect(questions).toEqual([]);
  });

  it('keeps the password out of what is told', async () => {
    const seen = await asking([{ ...BEHIND, why: 'geheim was seen' }]).look();
    expect(JSON.stringify(seen)).not.toContain('geheim');
  });
});
