import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Wanted } from '../../src/engine/operations/operation';
import { operationById } from '../../src/engine/operations/registry';
import { engineLab, stepIds, type EngineLab } from './engineLab';

const KEYS = '/var/lib/rancher/k3s/server/cred/encryption-config.json';
const SERVERS = ['server-1', 'server-2', 'server-3'];
const rotation = (): Wanted => ({ operation: operationById('rotate-encryption-keys'), intent: {} });

async function running(change?: (text: string) => string): Promise<EngineLab> {
  const lab = await engineLab(change);
  expect((await lab.run(await lab.plan())).problems).toEqual([]);
  return lab;
}

const keysOf = ({ fleet }: EngineLab): string[] =>
  SERVERS.map((id) =>
    createHash('sha256')
      .update(fleet.inspect(id).file(KEYS)?.content ?? '')
      .digest('hex'),
  );

describe('rotating the encryption keys on the practice fleet', () => {
  it('N26: saves a snapshot first, carries the rotation through a cancel, and the same command restarts the rest', async () => {
    const lab = await running();
    const [before = ''] = keysOf(lab);
    const prepared = await lab.plan(rotation());
    expect(prepared.plan.problems).toEqual([]);
    expect(
      stepIds(prepared)
        .slice(0, 2)
        .map((id) => id.split(':')[0]),
    ).toEqual(['save-snapshot', 'rotate-keys']);
    const cancel = new AbortController();
    const cut = await lab.run(
      prepared,
      (event) => {
        if (event.type === 'step' && event.step.startsWith('rotate-keys') && event.state === 'running') cancel.abort();
      },
      cancel.signal,
    );
    expect(cut.result).toBe('cancelled');
    expect([...cut.states].find(([id]) => id.startsWith('rotate-keys'))?.[1]).toBe('done');
    expect(keysOf(lab).filter((hash) => hash === before)).toHaveLength(2);
    const rest = await lab.plan(rotation());
    expect(rest.plan.problems).toEqual([]);
    expect(stepIds(rest).filter((id) => /^(?:rotate-keys|save-snapshot)/.test(id))).toEqual([]);
    expect(rest.plan.notes.join('\n')).toContain('no new key is made');
    expect((await lab.run(rest)).problems).toEqual([]);
    expect(new Set(keysOf(lab)).size).toBe(1);
    expect(keysOf(lab)).not.toContain(before);
    expect((await lab.plan()).plan).toMatchObject({ problems: [], steps: [] });
  });

  it('goes through in one run, and refuses where Secrets are not encrypted or a server is away', async () => {
    const lab = await running();
    const [before = ''] = keysOf(lab);
    const report = await lab.run(await lab.plan(rotation()));
    expect(report.problems).toEqual([]);
    expect([new Set(keysOf(lab)).size, keysOf(lab).includes(before)]).toEqual([1, false]);
    await lab.fleet.powerOff('server-3');
    expect((await lab.plan(rotation())).plan.problems).toMatchObject([{ code: 'server-absent', host: 'server-3' }]);
  });

  it('refuses where Secrets are not encrypted', async () => {
    const plain = await running((text) => text.replace(/^ *secrets-encryption: true\n/m, ''));
    expect((await plain.plan(rotation())).plan.problems).toMatchObject([{ code: 'encryption-off' }]);
  });
});
