import { afterAll, describe, expect, it, vi } from 'vitest';
import type * as registry from '../../../src/core/datastore/registry';
import type { DatastoreKind, DatastoreType } from '../../../src/core/datastore/kind';
import { readUrlEndpoints } from '../../../src/core/datastore/endpoint/urlEndpoints';

// What "How to add a datastore kind" in docs/architecture.md tells, done once: its file and its place in the registry.

const cockroach: DatastoreKind = {
  type: 'cockroach' as DatastoreType,
  name: 'CockroachDB',
  label: 'CockroachDB',
  schemes: ['cockroach'],
  port: 26257,
  home: 'outside',
  voters: 'CockroachDB nodes',
  readEndpoint: readUrlEndpoints,
  template: (password) => ({ endpoint: `cockroach://k3s:${password}@db.example.com`, label: 'CockroachDB' }),
};

// Files of one run share their modules: the ones that read the registry are loaded anew, with the kind and then without it.
const REGISTRY = '../../../src/core/datastore/registry';
vi.doMock(REGISTRY, async (original) => {
  const { DATASTORES, datastoreIndex } = await original<typeof registry>();
  const kinds = [...DATASTORES, cockroach];
  return { DATASTORES: kinds, datastoreIndex, ...datastoreIndex(kinds) };
});
vi.resetModules();
afterAll(() => {
  vi.doUnmock(REGISTRY);
  vi.resetModules();
});

const { parseDocument } = await import('../../../src/core/document/parse');
const { normalise } = await import('../../../src/core/cluster/normalise');
const { parseDatastoreEndpoint } = await import('../../../src/core/datastore/endpoint/dsn');
const { survives } = await import('../../../src/core/topology/survival');
const { buildGraph } = await import('../../../src/core/topology/graph');
const { validate } = await import('../../../src/core/language/validate');
const { clusterRow } = await import('../../../src/views/explorer');
const { planText } = await import('../../../src/core/plan/planText');
const { clusterOf } = await import('../../support/cluster');
const { freshFacts, planFor, provisionedFacts } = await import('../../support/plans');
const { fileState } = await import('../views/states');

const ENDPOINT = 'cockroach://k3s:${secret:db}@10.0.0.60,cockroach://10.0.0.61:26300,cockroach://10.0.0.62';

const TEXT = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: edge }
k3s: { version: v1.36.3+k3s1 }
loadBalancer: { type: external, address: 10.0.0.100 }
datastore:
  endpoint: ${ENDPOINT}
token: \${secret:edge-token}
servers:
  config: { tls-san: [10.0.0.100] }
  nodes:
    - { host: 10.0.0.11, name: server-1 }
    - { host: 10.0.0.12, name: server-2 }
`;

const cluster = normalise(parseDocument(TEXT).data);

describe('a datastore kind that is added', () => {
  it('is told by the scheme of an endpoint, which it takes apart itself', () => {
    expect(cluster.datastore).toMatchObject({ type: 'cockroach', endpoint: ENDPOINT });
    const { driver, addresses } = parseDatastoreEndpoint(ENDPOINT);
    expect(driver).toBe('cockroach');
    expect(addresses.map(({ host, port }) => [host, port])).toEqual([
      ['10.0.0.60', undefined],
      ['10.0.0.61', 26300],
      ['10.0.0.62', undefined],
    ]);
  });

  it('is no scheme that K3s does not know, which any other one is', () => {
    const codes = (text: string): readonly string[] => validate(text).map(({ code }) => code);
    expect(codes(TEXT)).not.toContain('datastore-scheme-unknown');
    expect(codes(TEXT.replaceAll('cockroach://', 'roach://'))).toContain('datastore-scheme-unknown');
  });

  it('has its voters counted when some of its machines fail', () => {
    const parts = buildGraph(cluster, []).parts.filter(({ kind }) => kind === 'database');
    expect(parts.map(({ label }) => label)).toEqual(['10.0.0.60:26257', '10.0.0.61:26300', '10.0.0.62:26257']);
    const ids = parts.map(({ id }) => id);
    expect(survives(cluster, ids.slice(0, 1)).datastore).toEqual({
      outcome: 'partly',
      reason: '2 of 3 CockroachDB nodes left, 2 needed: it works, but the next failure stops it.',
    });
    expect(survives(cluster, ids.slice(0, 2)).api.outcome).toBe('no');
  });

  it('is called by its name in the explorer', () => {
    const row = clusterRow(fileState(TEXT), 'cluster.k3s.yaml').children.find(({ id }) => id === 'datastore');
    expect(row?.description).toBe('CockroachDB');
  });

  it('is written to new hosts, and defended on running ones', () => {
    expect(planText(planFor(cluster, freshFacts(cluster)))).toContain('+ datastore-endpoint: «secret»');
    const running = provisionedFacts(clusterOf({ servers: 2, agents: 0 }));
    expect(planText(planFor(cluster, running))).toContain(
      'K3s on server-1 keeps its data in embedded etcd, and the cluster file says CockroachDB',
    );
  });
});
