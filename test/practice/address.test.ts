import { expect, it } from 'vitest';
import { addressLook } from '../../src/adapters/system/addressLook';
import { checkAddress, type AddressCheck } from '../../src/engine/access/checkAddress';
import { addressAdvice } from '../../src/engine/planning/addressNotes';
import { engineLab, type EngineLab } from './engineLab';

const check = ({ cluster, hosts }: EngineLab): Promise<AddressCheck> =>
  checkAddress(cluster, { hosts, addresses: addressLook, parallel: 16 });

it('The fixed address of the practice fleet is as it should be, and tells who is missing behind it', async () => {
  const lab = await engineLab();
  const first = await lab.plan();
  const deps = { hosts: lab.hosts, addresses: addressLook, parallel: 16 };
  // Nobody is behind it yet, which stops nobody.
  expect(await addressAdvice(first.situation, deps)).toEqual({ problems: [], notes: [] });
  expect((await lab.run(first)).problems).toEqual([]);
  const { findings, view, blind } = await check(lab);
  expect(findings).toEqual([]);
  expect(blind.size).toBe(0);
  expect([...view.sights.values()].every(({ doors }) => doors[0]?.named === true)).toBe(true);
  lab.fleet.partition('load-balancer', 'server-2');
  const after = await check(lab);
  expect(after.findings.map(({ problem }) => problem.code)).toContain('balancer-server-missing');
  expect(after.findings.find(({ problem }) => problem.code === 'balancer-server-missing')?.problem.message).toContain(
    'never leads to server-2',
  );
});
