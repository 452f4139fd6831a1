import Ajv from 'ajv';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { exportCluster } from '../../../src/core/authoring/export/exportCluster';
import { EXPORT_FORMS } from '../../../src/core/authoring/export/registry';
import type { Cluster, ClusterNode } from '../../../src/core/cluster/cluster';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import { imported } from '../../support/imported';

const EXAMPLES = join(import.meta.dirname, '../../../examples');
const example = (name: string): string => readFileSync(join(EXAMPLES, name, 'cluster.k3s.yaml'), 'utf8');
const made = (id: string, text: string): ReturnType<typeof exportCluster> => {
  const form = EXPORT_FORMS.find((each) => each.id === id);
  if (form === undefined) throw new Error(`no form ${id}`);
  const document = parseDocument(text);
  return exportCluster(form, { document, cluster: normalise(document.data) });
};
const filesOf = (id: string, text: string): Record<string, string> => {
  const result = made(id, text);
  if (!result.ok) throw new Error(result.error.message);
  return Object.fromEntries(result.value.files.map((file) => [file.name, file.text]));
};
const leftOf = (id: string, text: string): string => {
  const result = made(id, text);
  return result.ok ? result.value.left.join('\n') : result.error.message;
};

/** What cloud-init's schema says of the modules that are used here. https://github.com/canonical/cloud-init/blob/main/cloudinit/config/schemas/schema-cloud-config-v1.json */
const CLOUD_CONFIG = {
  type: 'object',
  additionalProperties: false,
  properties: {
    hostname: { type: 'string' },
    write_files: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['path'],
        additionalProperties: false,
        properties: {
          path: { type: 'string' },
          content: { type: 'string' },
          owner: { type: 'string' },
          permissions: { type: 'string' },
        },
      },
    },
    runcmd: { type: 'array', minItems: 1, items: { type: 'array', items: { type: 'string' } } },
  },
};

describe('the export to k3s-ansible', () => {
  const inventory = parse(filesOf('k3s-ansible', example('embedded-etcd'))['inventory.yml'] ?? '') as {
    k3s_cluster: {
      children: Record<'server' | 'agent', { hosts: Record<string, Record<string, string>> }>;
      vars: Record<string, unknown>;
    };
  };
  const { children, vars } = inventory.k3s_cluster;

  it('has groups, versions, the fixed address, and secrets as look-ups', () => {
    expect(Object.keys(children.server.hosts)).toEqual(['server-1', 'server-2', 'server-3']);
    expect(Object.keys(children.agent.hosts)).toHaveLength(10);
    expect(vars).toMatchObject({
      k3s_version: 'v1.36.3+k3s1',
      token: "{{ lookup('ansible.builtin.env', 'K3S_HA_SECRET_EDGE_TOKEN') }}",
      api_endpoint: '10.0.0.100',
      api_port: 6443,
    });
  });

  it('has the options of each node, and leaves to the playbook what that writes itself', () => {
    const {
      ansible_host: host,
      ansible_user: user,
      server_config_yaml: config,
    } = children.server.hosts['server-1'] ?? {};
    expect([host, user]).toEqual(['10.0.0.11', 'ubuntu']);
    expect(parse(config ?? '')).toMatchObject({
      'node-name': 'server-1',
      'tls-san': ['10.0.0.100', 'k3s.example.com'],
    });
    expect(config).not.toMatch(/^(?:token|cluster-init|server):/m);
    expect(children.agent.hosts['agent-1']).toHaveProperty('agent_config_yaml');
  });

  it('tells what it cannot say', () => {
    expect(leftOf('k3s-ansible', example('embedded-etcd'))).toContain(
      'The load balancer 10.0.0.100 (haproxy) is not set up.',
    );
  });

  it('brings the files of an air gap', () => {
    expect(filesOf('k3s-ansible', example('air-gap'))['inventory.yml']).toMatch(/^ +airgap_dir: \S/m);
  });

  it('passes on nothing that ansible would carry out', () => {
    const text = example('embedded-etcd').replace('name: server-1', `name: "{{ lookup('pipe', 'id') }}"`);
    expect(made('k3s-ansible', text)).toMatchObject({ ok: false, error: { code: 'export-not-plain' } });
  });
});

/** What the controller's CRD says of the fields that are used here, nothing else allowed. https://github.com/rancher/system-upgrade-controller/blob/d357e23/pkg/crds/yaml/generated/upgrade.cattle.io_plans.yaml */
const strict = (properties: object, required: readonly string[] = []): object => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const TEXT = { type: 'string' };
const CONTAINER = strict({ image: TEXT, args: { type: 'array', items: TEXT } }, ['image']);
const PLAN = strict(
  {
    apiVersion: { const: 'upgrade.cattle.io/v1' },
    kind: { const: 'Plan' },
    metadata: strict({ name: TEXT, namespace: TEXT }),
    spec: strict(
      {
        channel: TEXT,
        version: TEXT,
        concurrency: { type: 'integer' },
        cordon: { type: 'boolean' },
        drain: strict({
          force: { type: 'boolean' },
          ignoreDaemonSets: { type: 'boolean' },
          deleteEmptydirData: { type: 'boolean' },
          timeout: { type: ['integer', 'string'] },
        }),
        nodeSelector: strict({
          matchExpressions: {
            type: 'array',
            items: strict({ key: TEXT, operator: TEXT, values: { type: 'array', items: TEXT } }, ['key', 'operator']),
          },
        }),
        serviceAccountName: TEXT,
        tolerations: { type: 'array', items: strict({ key: TEXT, operator: TEXT, effect: TEXT }) },
        prepare: CONTAINER,
        upgrade: CONTAINER,
      },
      ['upgrade'],
    ),
  },
  ['spec'],
);

describe('the export to cloud-init', () => {
  const files = filesOf('cloud-init', example('embedded-etcd'));

  it('has a file for each machine, as its schema wants it', () => {
    expect(Object.keys(files)).toHaveLength(13);
    const valid = new Ajv().compile(CLOUD_CONFIG);
    for (const text of Object.values(files)) {
      expect(text).toMatch(/^#cloud-config\n/);
      expect([valid(parse(text)), valid.errors]).toEqual([true, null]);
    }
  });

  it('founds on the first server, joins on the others, and names what fills in the token', () => {
    const config = (name: string): Record<string, unknown> =>
      parse(
        (parse(files[name] ?? '') as { write_files: { content: string }[] }).write_files[0]?.content ?? '',
      ) as Record<string, unknown>;
    expect(config('server-1.yaml')).toMatchObject({ 'cluster-init': true, token: '${K3S_HA_SECRET_EDGE_TOKEN}' });
    expect(config('server-2.yaml')).toMatchObject({ server: expect.stringMatching(/^https:.*:6443$/) });
    expect(config('agent-1.yaml')).toMatchObject({ server: 'https://10.0.0.100:6443' });
    expect(files['server-1.yaml']).toContain("# Fill in before use: envsubst '$K3S_HA_SECRET_EDGE_TOKEN' < this file");
    expect(parse(files['agent-1.yaml'] ?? '')).toMatchObject({
      runcmd: [
        ['env', 'INSTALL_K3S_VERSION=v1.36.3+k3s1', 'sh', '-c', "curl -sfL 'https://get.k3s.io' | sh -s - agent"],
      ],
    });
  });
});

describe('the export to system-upgrade-controller', () => {
  it('has plans for the release: servers one at a time, then the agents', () => {
    const text = filesOf('system-upgrade-controller', example('embedded-etcd'))['plans.yaml'] ?? '';
    expect(parseAllDocuments(text).map((each) => each.toJSON() as unknown)).toMatchObject([
      {
        kind: 'Plan',
        metadata: { name: 'k3s-server' },
        spec: { concurrency: 1, cordon: true, version: 'v1.36.3+k3s1' },
      },
      { kind: 'Plan', metadata: { name: 'k3s-agent' }, spec: { prepare: { args: ['prepare', 'k3s-server'] } } },
    ]);
    expect(leftOf('system-upgrade-controller', example('embedded-etcd'))).toContain(
      'No snapshot of etcd is saved before',
    );
  });

  it('has plans that the CRD takes, and whose jobs run on nodes with the taints of the file', () => {
    const draining = example('embedded-etcd').replace(
      /^k3s:$/m,
      'k3s:\n  upgrade: { drain: true, drainTimeout: 90s, agentsAtOnce: 30% }',
    );
    const valid = new Ajv({ allowUnionTypes: true }).compile(PLAN);
    for (const text of [draining, ...['embedded-etcd', 'mysql-slb', 'nginx'].map(example)])
      for (const plan of parseAllDocuments(filesOf('system-upgrade-controller', text)['plans.yaml'] ?? ''))
        expect([valid(plan.toJSON()), valid.errors]).toEqual([true, null]);
    const [servers, agents] = parseAllDocuments(filesOf('system-upgrade-controller', draining)['plans.yaml'] ?? '').map(
      (each) => (each.toJSON() as { readonly spec: Record<string, unknown> }).spec,
    );
    expect(servers).toMatchObject({
      tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists', effect: 'NoExecute' }],
      drain: { timeout: '90s' },
    });
    expect(agents).toMatchObject({ concurrency: 3 });
    expect(agents).not.toHaveProperty('tolerations');
  });
});

describe('every export', () => {
  it.each(['cloud-init', 'system-upgrade-controller'])(
    'to %s is refused with an air gap, whose images it cannot bring',
    (id) => {
      expect(made(id, example('air-gap'))).toMatchObject({ ok: false, error: { code: 'export-air-gap' } });
    },
  );

  it.each(EXPORT_FORMS.map(({ id }) => id))('to %s is refused while a secret stands in the file', (id) => {
    const text = example('embedded-etcd').replace('${secret:edge-token}', 'hunter2hunter2');
    const result = made(id, text);
    expect(result).toMatchObject({ ok: false, error: { code: 'export-plain-secret' } });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});

describe('the exported inventory', () => {
  /** What makes a cluster: who, where, with which options, at which release, behind which address. */
  const essence = ({ k3s, loadBalancer, datastore, servers, agents }: Cluster): object => {
    const node = ({ host, name, config }: ClusterNode): object => ({ host, name, config });
    return {
      version: k3s.version,
      address: loadBalancer?.address,
      port: loadBalancer?.port,
      datastore: datastore.type,
      servers: servers.map(node),
      agents: agents.map(node),
    };
  };

  it.each(['embedded-etcd', 'nginx', 'haproxy-keepalived'])('read by the import gives the same cluster: %s', (name) => {
    const text = example(name);
    const back = imported([{ name: 'inventory.yml', text: filesOf('k3s-ansible', text)['inventory.yml'] ?? '' }]);
    expect(essence(back.cluster)).toEqual(essence(normalise(parseDocument(text).data)));
    expect(back.storeSecrets).toEqual({});
  });

  it('is not made from an air gap in one archive, which its playbook would not unpack', () => {
    const packed = example('air-gap').replace(/artifacts: .*/, 'artifacts: ./airgap.tar.zst');
    expect(made('k3s-ansible', packed)).toMatchObject({ ok: false, error: { code: 'export-air-gap' } });
  });
});
