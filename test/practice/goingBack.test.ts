import { describe, expect, it } from 'vitest';
import { nodesOf } from '../../src/core/cluster/roles';
import { operationById } from '../../src/engine/operations/registry';
import { engineLab, type EngineLab } from './engineLab';

const [OLD, NEW] = ['v1.36.3+k3s1', 'v1.37.0+k3s1'];
const FOLDER = '/var/lib/rancher/k3s/server/db/snapshots';

const withRelease = ({ cluster }: EngineLab, version: string): EngineLab['cluster'] => ({
  ...cluster,
  k3s: { ...cluster.k3s, version },
});

const releases = ({ fleet }: EngineLab): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(fleet.nodes().map(({ name, version }) => [name, version]));

/** The snapshot that was saved before the upgrade, on whichever server it is. */
function savedBefore({ fleet }: EngineLab): string {
  const all = ['server-1', 'server-2', 'server-3'].flatMap((id) => fleet.inspect(id).below(FOLDER));
  const [path = ''] = all.filter((one) => one.includes('/before-v1.37.0-k3s1-'));
  return path.slice(FOLDER.length + 1);
}

describe('going back from a minor version', () => {
  it('restores the snapshot from before with the release from before, on servers and agents, after an upgrade that failed half way', async () => {
    const lab = await engineLab();
    lab.cluster = withRelease(lab, OLD);
    expect((await lab.run(await lab.plan())).problems).toEqual([]);
    lab.cluster = withRelease(lab, NEW);
    const cancel = new AbortController();
    const half = await lab.run(
      await lab.plan(),
      (event) => {
        if (event.type === 'step' && event.step.startsWith('restart:server-2') && event.state === 'done')
          cancel.abort();
      },
      cancel.signal,
    );
    expect(half.result).toBe('cancelled');
    const snapshot = savedBefore(lab);
    expect(snapshot).not.toBe('');

    lab.cluster = withRelease(lab, OLD);
    const back = await lab.plan({ operation: operationById('restore'), intent: { snapshot } });
    expect(back.plan.problems).toEqual([]);
    expect(back.plan.notes.join('\n')).toContain(`server-1 and server-2 go back to ${OLD}`);
    expect((await lab.run(back)).problems).toEqual([]);
    expect(releases(lab)).toEqual(Object.fromEntries(nodesOf(lab.cluster).map(({ id }) => [id, OLD])));
    expect((await lab.plan()).plan).toMatchObject({ steps: [], problems: [] });
  });
});
