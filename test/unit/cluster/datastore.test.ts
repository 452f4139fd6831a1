import { finish } from '../../../src/core/base/steps';
import { describe, expect, it } from 'vitest';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import schema from '../../../schemas/cluster.k3s.schema.json';
import { parseDocument } from '../../../src/core/document/parse';
import { DATASTORES, datastoreOfScheme } from '../../../src/core/datastore/registry';
import { configOptions } from '../../../src/core/cluster/configFile';
import { parseDatastoreEndpoint } from '../../../src/core/datastore/endpoint/dsn';
import { inspectInSteps } from '../../../src/core/language/validate';
import { serverStart } from '../../../src/engine/planning/starts';
import type { ClusterNode } from '../../../src/core/cluster/cluster';
import { normalise } from '../../../src/core/cluster/normalise';
import { buildGraph } from '../../../src/core/topology/graph';
import { clusterRow } from '../../../src/views/explorer';
import type { ClusterState } from '../../../src/views/clusterState';

const SERVERS = {
  nodes: [
    { host: '10.0.0.11', name: 's1' },
    { host: '10.0.0.12', name: 's2' },
    { host: '10.0.0.13', name: 's3' },
  ],
};

/** What each part of the product takes the datastore of a file for. */
function answers(file: Record<string, unknown>) {
  const text = JSON.stringify({ servers: SERVERS, token: '${secret:t}', ...file });
  const document = parseDocument(text);
  const cluster = normalise(document.data);
  const inspected = finish(inspectInSteps(document));
  const state = {
    uri: { toString: () => 'file:///edge.k3s.yaml' },
    document,
    ...inspected,
    live: { kind: 'idle' },
    planned: new Map(),
    run: new Map(),
  } as unknown as ClusterState;
  const explorer = clusterRow(state, 'edge.k3s.yaml').children.find(({ id }) => id === 'datastore')?.description;
  const rules = new Set(inspected.findings.map(({ ruleId }) => ruleId));
  const second = cluster.servers[1] as ClusterNode;
  return {
    type: cluster.datastore.type,
    planner: serverStart(cluster, second, new Map()).kind,
    config: configOptions(cluster, second, serverStart(cluster, second, new Map())),
    diagram: [
      ...new Set(
        buildGraph(cluster, []).parts.flatMap(({ kind }) =>
          ['etcd-member', 'sqlite', 'database'].includes(kind) ? [kind] : [],
        ),
      ),
    ],
    explorer,
    rules,
  };
}

const MYSQL = 'mysql://k3s:${secret:p}@tcp(db:3306)/k3s';
const byVariable = { k3s: { install: { env: { K3S_DATASTORE_ENDPOINT: MYSQL } } } };
const byArguments = { k3s: { install: { env: { INSTALL_K3S_EXEC: `server --datastore-endpoint ${MYSQL}` } } } };
const byConfig = { servers: { ...SERVERS, config: { 'datastore-endpoint': MYSQL } } };

describe('where the cluster keeps its data', () => {
  it.each([
    ['a variable', byVariable],
    ['arguments', byArguments],
    ['config', byConfig],
    ['a variable beside embedded etcd', { ...byVariable, datastore: { type: 'embedded-etcd' } }],
    ['arguments beside embedded etcd', { ...byArguments, datastore: { type: 'embedded-etcd' } }],
    ['config beside embedded etcd', { ...byConfig, datastore: { type: 'embedded-etcd' } }],
    ['config beside another type', { ...byConfig, datastore: { type: 'postgres' } }],
  ])('B3: an endpoint in %s wins for planner, rules, diagram and explorer', (_, file) => {
    const found = answers(file);
    expect(found).toMatchObject({ type: 'mysql', planner: 'found', diagram: ['database'], explorer: 'MySQL' });
    expect(found.config).not.toHaveProperty('server');
    expect(found.rules).not.toContain('sqlite-with-several-servers');
  });

  it('B3: an endpoint that the installer hands over is not written into config.yaml, where it would be a second one', () => {
    for (const file of [byVariable, byArguments]) expect(answers(file).config).not.toHaveProperty('datastore-endpoint');
    expect(answers(byConfig).config['datastore-endpoint']).toBe(MYSQL);
    const both = answers({ ...byVariable, datastore: { endpoint: 'postgres://db/k3s' } });
    expect([both.type, both.config['datastore-endpoint']]).toEqual(['postgres', 'postgres://db/k3s']);
  });

  it('B3: an endpoint under embedded etcd never reaches K3s, so nobody believes it', () => {
    const found = answers({ datastore: { type: 'embedded-etcd', endpoint: MYSQL } });
    expect(found).toMatchObject({
      type: 'embedded-etcd',
      planner: 'join',
      diagram: ['etcd-member'],
      explorer: 'etcd, 3 members',
    });
    expect(found.rules).not.toContain('roles-with-external-db');
  });

  it.each([
    ['a variable', { k3s: { install: { env: { K3S_CLUSTER_INIT: 'true' } } } }],
    ['arguments', { k3s: { install: { env: { INSTALL_K3S_EXEC: '--cluster-init' } } } }],
    [
      'config beside sqlite',
      { datastore: { type: 'sqlite' }, servers: { ...SERVERS, config: { 'cluster-init': true } } },
    ],
  ])('B3: cluster-init in %s is embedded etcd for all of them', (_, file) => {
    const found = answers(file);
    expect(found).toMatchObject({
      type: 'embedded-etcd',
      planner: 'join',
      diagram: ['etcd-member'],
      explorer: 'etcd, 3 members',
    });
    expect(found.rules).not.toContain('sqlite-with-several-servers');
  });

  it('B9: the explorer counts the members of etcd, not the servers', () => {
    const fourth = { host: '10.0.0.14', name: 's4', config: { 'disable-etcd': true } };
    const found = answers({ datastore: { type: 'embedded-etcd' }, servers: { nodes: [...SERVERS.nodes, fourth] } });
    expect(found.explorer).toBe('etcd, 3 members');
  });
});

describe('the kinds of datastore', () => {
  it('are the files of their folder and the types of the schema', () => {
    const files = globSync('*.ts', { cwd: join(import.meta.dirname, '../../../src/core/datastore') }).map((file) =>
      basename(file, '.ts'),
    );
    const named = DATASTORES.map(({ type }) => type.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()));
    expect(named.sort()).toEqual(files.filter((file) => file !== 'kind' && file !== 'registry').sort());
    const types = schema.properties.datastore.oneOf.map(
      ({ $ref }) => $ref.split('/').at(-1) as keyof typeof schema.definitions,
    );
    expect(types).toHaveLength(DATASTORES.length);
  });

  it('have schemes of their own, and templates that K3s takes for them', () => {
    const schemes = DATASTORES.flatMap((kind) => kind.schemes.map((scheme) => [scheme, kind.type] as const));
    expect(new Set(schemes.map(([scheme]) => scheme)).size).toBe(schemes.length);
    for (const [scheme, type] of schemes) expect(datastoreOfScheme(scheme)?.type).toBe(type);
    for (const { type, template } of DATASTORES)
      if (template !== undefined) expect(parseDatastoreEndpoint(template('x').endpoint).driver).toBe(type);
  });
});
