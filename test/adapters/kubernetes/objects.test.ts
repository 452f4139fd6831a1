import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createClusterApi } from '../../../src/adapters/kubernetes/api';
import { upgradePlans } from '../../../src/core/authoring/export/systemUpgradeController';
import { clusterOf } from '../../support/cluster';
import { startApiDouble, type ApiDouble } from './apiDouble';
import { makeAuthority } from './certificates';

const api = createClusterApi({ log: { debug: () => undefined }, timeoutMs: 1500 });
const made = upgradePlans(clusterOf({ servers: 3, agents: 0 }));
const [plan] = made.ok ? made.value : [];
const PATH = '/apis/upgrade.cattle.io/v1/namespaces/system-upgrade/plans/k3s-server';
let double: ApiDouble;

beforeAll(async () => {
  const [serverCa, clientCa] = await Promise.all([makeAuthority('k3s-server-ca@1'), makeAuthority('k3s-client-ca@1')]);
  double = await startApiDouble({ serverCa, clientCa });
});
afterAll(() => double.stop());
afterEach(() => {
  double.answer = undefined;
  double.objects.clear();
});

test('an object is applied as a whole, in the name of this product, and read as it stands there', async () => {
  const endpoint = { kubeconfig: double.kubeconfig() };
  expect(await api.readObject(endpoint, PATH)).toEqual({ ok: true, value: undefined });
  expect(await api.applyObject(endpoint, PATH, plan ?? {})).toMatchObject({ ok: true });
  expect(double.requests.at(-1)).toBe(`${PATH}?fieldManager=k3s-ha`);
  expect(await api.readObject(endpoint, PATH)).toEqual({ ok: true, value: plan });
  expect(await api.applyObject(endpoint, PATH, plan ?? {})).toMatchObject({ ok: true });
});

test('a field that somebody else keeps, missing rights and silence are problems', async () => {
  const endpoint = { kubeconfig: double.kubeconfig() };
  double.answer = {
    status: 409,
    body: '{"kind":"Status","message":"Apply failed with 1 conflict: conflict with \\"helm\\": .spec.version"}',
  };
  expect(await api.applyObject(endpoint, PATH, plan ?? {})).toMatchObject({
    ok: false,
    error: { why: expect.stringContaining('conflict with "helm": .spec.version') as string },
  });
  double.answer = { status: 403, body: '{"kind":"Status","message":"plans is forbidden"}' };
  expect(await api.applyObject(endpoint, PATH, plan ?? {})).toMatchObject({
    ok: false,
    error: { code: 'api-forbidden' },
  });
  expect(await api.readObject(endpoint, PATH)).toMatchObject({ ok: false, error: { code: 'api-forbidden' } });
  double.answer = 'hang';
  expect((await api.applyObject(endpoint, PATH, plan ?? {})).ok).toBe(false);
});
