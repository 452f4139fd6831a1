import { describe, expect, it } from 'vitest';
import type { HostFacts } from '../../../../src/core/facts/probe';
import { clusterOf } from '../../../support/cluster';
import { planFor, provisionedFacts } from '../../../support/plans';

const MIB = 1024;

function plan(change: Partial<HostFacts>, version = 'v1.36.4+k3s1') {
  const facts = provisionedFacts(clusterOf());
  const first = facts.get('server-1');
  if (first !== undefined) facts.set('server-1', { ...first, ...change });
  return planFor(clusterOf({ version }), facts);
}

describe('room for another release', () => {
  it('is made first, on the machine that has something to remove', () => {
    const { steps } = plan({ oldDataKiB: 600 * MIB });
    expect(steps.filter(({ kind }) => kind === 'drop-old-data').map(({ id, says }) => [id, says.reason])).toEqual([
      ['drop-old-data:server-1', 'they take 600 MiB'],
    ]);
    expect(steps.find(({ id }) => id === 'put-aside:server-1')?.after).toContain('drop-old-data:server-1');
  });

  it('is looked for before anything is laid there, with the snapshot that is saved there', () => {
    const { problems, steps } = plan({ diskFreeKiB: 800 * MIB, etcdKiB: 200 * MIB });
    expect(steps).toEqual([]);
    expect(problems).toMatchObject([
      {
        code: 'upgrade-room',
        host: 'server-1',
        message: 'server-1 has room for 800 MiB below /var/lib, and the upgrade needs 900 MiB',
        why: expect.stringContaining('the snapshot 200 MiB') as string,
      },
    ]);
  });

  it('is there when what is removed makes it, and nobody looks where nothing is upgraded', () => {
    expect(plan({ diskFreeKiB: 200 * MIB, oldDataKiB: 600 * MIB }).problems).toEqual([]);
    expect(plan({ diskFreeKiB: 10 * MIB, oldDataKiB: 600 * MIB }, 'v1.36.3+k3s1')).toMatchObject({
      problems: [],
      steps: [],
    });
  });
});
