import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/plan/events';
import type { Wanted } from '../../src/engine/operations/operation';
import { operationById } from '../../src/engine/operations/registry';
import { engineLab, stepIds, withServerOption, type EngineLab } from './engineLab';

const SECRET = '/var/lib/rancher/k3s/server/tls/dynamic-cert.json';
const repair = (): Wanted => ({ operation: operationById('repair-certificate-names'), intent: {} });

const shows = ({ fleet }: EngineLab, name: string): boolean[] =>
  ['server-1', 'server-2', 'server-3'].map(
    (id) => fleet.inspect(id).file(SECRET)?.content.includes(`"${name}"`) ?? false,
  );

describe('the names of the certificate on the practice fleet', () => {
  it('that the file has dropped go with one stop of all servers, and come back as they are after a cut', async () => {
    const lab = await engineLab();
    const plain = lab.cluster;
    const address = plain.loadBalancer?.address ?? '';
    lab.cluster = withServerOption(plain, 'tls-san', [address, 'old.example']);
    expect((await lab.run(await lab.plan())).problems).toEqual([]);
    expect((await lab.plan(repair())).plan).toMatchObject({ problems: [], steps: [] });
    lab.cluster = withServerOption(plain, 'tls-san', [address]);
    expect((await lab.run(await lab.plan())).problems).toEqual([]);
    expect(shows(lab, 'old.example')).toEqual([true, true, true]);

    // Certificates are dated to the second, and these hosts start several times within one.
    await sleep(1_100);
    const prepared = await lab.plan(repair());
    expect(prepared.plan.problems).toEqual([]);
    expect(prepared.plan.notes.join('\n')).toContain('old.example does no harm in the certificate');
    const cancel = new AbortController();
    const cut = await lab.run(
      prepared,
      (event: RunEvent) => {
        if (event.type === 'step' && event.step === 'stop-server:server-1' && event.state === 'done') cancel.abort();
      },
      cancel.signal,
    );
    expect(cut.result).toBe('cancelled');
    for (const id of ['server-1', 'server-2', 'server-3'])
      expect(lab.fleet.inspect(id).unit('k3s').active).toBe('active');

    await sleep(1_100);
    const again = await lab.plan(repair());
    if (stepIds(again).length > 0) expect((await lab.run(again)).problems).toEqual([]);
    expect(shows(lab, 'old.example')).toEqual([false, false, false]);
    expect(shows(lab, address)).toEqual([true, true, true]);
    expect((await lab.plan()).plan).toMatchObject({ problems: [], steps: [] });
  });
});
