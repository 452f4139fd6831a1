import { describe, expect, it } from 'vitest';
import type { FileFacts } from '../../../../src/core/facts/fileFacts';
import type { HostFacts } from '../../../../src/core/facts/probe';
import type { Plan } from '../../../../src/core/plan/plan';
import { planText } from '../../../../src/core/plan/planText';
import type { Cluster } from '../../../../src/core/cluster/cluster';
import { normalise } from '../../../../src/core/cluster/normalise';
import { clusterOf } from '../../../support/cluster';
import { readTexts } from '../../../support/localFiles';
import { contentFor, freshFacts, planFor, provisionedFacts, sha256 } from '../../../support/plans';
import { scriptedCluster } from '../../../support/scriptedCluster';

const FOLDER = '/etc/rancher/k3s/k3s-ha';
const CA = `${FOLDER}/datastore-ca.crt`;
const KEY = `${FOLDER}/datastore-client.key`;
const ETCD = { type: 'etcd', endpoint: 'https://10.0.0.60:2379' };
const TLS = { ...ETCD, caFile: './certs/ca.crt', certFile: './certs/client.crt', keyFile: './certs/client.key' };
const TEXTS = {
  './certs/ca.crt': '-----BEGIN CERTIFICATE-----\nb2xk\n-----END CERTIFICATE-----\n',
  './certs/client.crt': '-----BEGIN CERTIFICATE-----\nY2xp\n-----END CERTIFICATE-----\n',
  './certs/client.key': '-----BEGIN PRIVATE KEY-----\na2V5\n-----END PRIVATE KEY-----\n',
};
const NEW_CA = { ...TEXTS, './certs/ca.crt': TEXTS['./certs/ca.crt'].replace('b2xk', 'bmV3') };

const cluster = clusterOf({ datastore: TLS });

function stepIds(plan: Plan): string[] {
  return plan.steps.map(({ id }) => id);
}

function fileOf(text: string, more: Partial<FileFacts> = {}): FileFacts {
  return {
    kind: 'file',
    sha256: sha256(text),
    mode: '0600',
    owner: 'root:root',
    ids: '0:0',
    size: text.length,
    ...more,
  };
}

/** Machines that run with these files, which an earlier run placed. */
function placedFacts(texts: Readonly<Record<string, string>> = TEXTS): Map<string, HostFacts> {
  const wanted = contentFor(cluster, undefined, readTexts(texts));
  return new Map(
    [...provisionedFacts(cluster)].map(([id, facts]) => {
      const files = wanted.get(id)?.files ?? [];
      return [
        id,
        {
          ...facts,
          files: new Map(files.map(({ to, text }) => [to, fileOf(text ?? TEXTS['./certs/client.key'])])),
          placed: new Map(files.map(({ to, sha256: sum }) => [to, { sha256: [sum], restart: true }])),
        },
      ];
    }),
  );
}

describe('TLS files of a datastore that lie beside the cluster file', () => {
  it('go to every server before its configuration, which names them there; agents get none', () => {
    const desired = contentFor(cluster, undefined, readTexts(TEXTS));
    const plan = planFor(cluster, freshFacts(cluster), { desired });
    expect(plan.problems).toEqual([]);
    expect(stepIds(plan).filter((id) => id.endsWith('server-2') || id.includes('server-2:'))).toEqual([
      `place-file:server-2:${CA}`,
      `place-file:server-2:${FOLDER}/datastore-client.crt`,
      `place-file:server-2:${KEY}`,
      'write-config:server-2',
      'install:server-2',
      'start:server-2',
    ]);
    expect(stepIds(plan).filter((id) => id.startsWith('place-file:agent'))).toEqual([]);
    const text = planText(plan);
    expect(text).toContain(`+ datastore-keyfile: ${KEY}`);
    expect(text).toContain('+ -----BEGIN CERTIFICATE-----');
    expect(text).toContain('Write files on 3 hosts');
    expect(text).toContain(`+ 59 bytes, sha256 ${sha256(TEXTS['./certs/client.key']).slice(0, 12)}…`);
    expect(JSON.stringify(plan)).not.toContain('a2V5');
  });

  it('that are there as they should be are nothing to do', () => {
    const desired = contentFor(cluster, undefined, readTexts(TEXTS));
    expect(stepIds(planFor(cluster, placedFacts(), { desired }))).toEqual([]);
  });

  it('whose content changed travel with the restart of each server, one after another', () => {
    const desired = contentFor(cluster, undefined, readTexts(NEW_CA));
    const facts = placedFacts();
    for (const seen of facts.values()) {
      const before = { ...fileOf(TEXTS['./certs/ca.crt']), text: TEXTS['./certs/ca.crt'] };
      facts.set(seen.hostname, { ...seen, files: new Map([...seen.files, [CA, before]]) });
    }
    const plan = planFor(cluster, facts, { desired });
    const canary = (id: string): string[] => [
      `put-aside:${id}`,
      `place-file:${id}:${CA}`,
      `restart:${id}`,
      `put-back:${id}`,
    ];
    expect(stepIds(plan)).toEqual([
      ...['server-1', 'server-2', 'server-3'].flatMap(canary),
      expect.stringMatching(/^await-nodes/),
      expect.stringMatching(/^prove-tunnels/),
    ]);
    const [aside, , restart] = plan.steps;
    expect(aside?.input).toMatchObject({ files: [CA] });
    expect(restart?.guards).toContain('quorum');
    const text = planText(plan);
    expect(text).toMatch(/- b2xk\n\s+\+ bmV3/);
    expect(text).toContain('because K3s reads its files only when it starts');
  });

  it('never show what stands there when that may be a secret', () => {
    const desired = contentFor(cluster, undefined, readTexts(NEW_CA));
    const facts = placedFacts();
    const seen = facts.get('server-1') as HostFacts;
    const there = { ...fileOf('password: hunter2'), text: 'password: hunter2\n' };
    facts.set('server-1', { ...seen, files: new Map([...seen.files, [CA, there]]) });
    const plan = planFor(cluster, facts, { desired });
    expect(stepIds(plan)).toContain(`place-file:server-1:${CA}`);
    expect(JSON.stringify(plan)).not.toContain('hunter2');
  });

  it('that others may read are closed again', () => {
    const desired = contentFor(cluster, undefined, readTexts(TEXTS));
    const facts = placedFacts();
    const seen = facts.get('server-3') as HostFacts;
    const open = fileOf(TEXTS['./certs/client.key'], { mode: '0644' });
    facts.set('server-3', { ...seen, files: new Map([...seen.files, [KEY, open]]) });
    const plan = planFor(cluster, facts, { desired });
    expect(stepIds(plan)).toContain(`place-file:server-3:${KEY}`);
    expect(planText(plan)).toContain('because its mode is 0644 and not 0600');
  });

  it.each([
    ['nobody:nogroup', '65534:65534', true],
    ['root:root', '0:0', false],
  ])('that belong to %s are given back to root', (owner, ids, differs) => {
    const desired = contentFor(cluster, undefined, readTexts(TEXTS));
    const facts = placedFacts();
    const seen = facts.get('server-3') as HostFacts;
    const other = fileOf(TEXTS['./certs/client.key'], { owner, ids });
    facts.set('server-3', { ...seen, files: new Map([...seen.files, [KEY, other]]) });
    const plan = planFor(cluster, facts, { desired });
    expect(planText(plan).includes(`because it belongs to ${owner} and not to root:root`)).toBe(differs);
  });

  it('that the cluster file does not have any more go after the configuration, unless somebody changed them', () => {
    const plain = clusterOf({ datastore: ETCD });
    const facts = placedFacts();
    const seen = facts.get('server-2') as HostFacts;
    facts.set('server-2', { ...seen, files: new Map([...seen.files, [CA, fileOf('by hand')]]) });
    const plan = planFor(plain, facts);
    const own = stepIds(plan).filter((id) => id.includes('server-1'));
    expect(own.indexOf(`remove-file:server-1:${CA}`)).toBeGreaterThan(own.indexOf('write-config:server-1'));
    expect(own.indexOf(`remove-file:server-1:${CA}`)).toBeLessThan(own.indexOf('restart:server-1'));
    expect(planText(plan)).toContain(`${CA} (removed)`);
    expect(stepIds(plan)).not.toContain(`remove-file:server-2:${CA}`);
    expect(plan.notes.join('\n')).toContain(
      `${CA} on server-2 is not in the cluster file any more; somebody has changed`,
    );
  });

  it('cannot take the place of a folder', () => {
    const desired = contentFor(cluster, undefined, readTexts(TEXTS));
    const facts = freshFacts(cluster);
    const folder = fileOf('', { kind: 'folder' });
    facts.set('server-1', { ...(facts.get('server-1') as HostFacts), files: new Map([[CA, folder]]) });
    expect(planFor(cluster, facts, { desired }).problems).toMatchObject([
      { code: 'file-place-taken', host: 'server-1', message: expect.stringContaining(CA) as string },
    ]);
  });
});

describe('TLS files of a datastore that lie on the servers', () => {
  const there = clusterOf({ datastore: { ...ETCD, caFile: '/etc/etcd/ca.crt' } });

  it('are missed before anything is touched, on the host that lacks them', () => {
    const facts = freshFacts(there);
    for (const id of ['server-1', 'server-2'])
      facts.set(id, { ...(facts.get(id) as HostFacts), files: new Map([['/etc/etcd/ca.crt', fileOf('ca')]]) });
    const plan = planFor(there, facts);
    expect(plan.steps).toEqual([]);
    expect(plan.problems).toMatchObject([
      {
        code: 'datastore-file-missing',
        host: 'server-3',
        message: expect.stringContaining('/etc/etcd/ca.crt') as string,
      },
    ]);
  });

  it('are named in the configuration as they are, and stay whose they are', () => {
    const facts = freshFacts(there);
    for (const [id, seen] of facts) facts.set(id, { ...seen, files: new Map([['/etc/etcd/ca.crt', fileOf('ca')]]) });
    const plan = planFor(there, facts);
    expect(plan.problems).toEqual([]);
    expect(planText(plan)).toContain('+ datastore-cafile: /etc/etcd/ca.crt');
    expect(stepIds(plan).filter((id) => id.startsWith('place-file'))).toEqual([]);
  });
});

describe('a run', () => {
  it('places what the plan showed, and says in the end that all is as wanted', async () => {
    const lab = scriptedCluster(cluster, freshFacts(cluster));
    lab.texts = TEXTS;
    const report = await lab.run(await lab.plan());
    expect(report).toMatchObject({ result: 'done', problems: [] });
    expect(lab.facts.get('server-3')?.files.get(KEY)).toMatchObject({ mode: '0600' });
    expect(lab.facts.get('agent-1')?.files.size).toBe(0);
    expect(JSON.stringify(report.events)).not.toContain('a2V5');
    expect((await lab.plan()).plan.steps).toEqual([]);
  });

  it('puts the old file back where K3s does not come up with the new one, and touches no other server', async () => {
    const lab = scriptedCluster(cluster, placedFacts());
    lab.texts = NEW_CA;
    lab.works = (_, facts) => facts.files.get(CA)?.sha256 !== sha256(NEW_CA['./certs/ca.crt']);
    const report = await lab.run(await lab.plan());
    expect(report.result).toBe('failed');
    expect(lab.facts.get('server-1')?.files.get(CA)?.sha256).toBe(sha256(TEXTS['./certs/ca.crt']));
    expect(lab.facts.get('server-1')?.units.k3s?.active).toBe('active');
    expect(lab.changes().filter((change) => !change.endsWith('server-1'))).toEqual([]);
  });

  it('does not begin when a file cannot be read', async () => {
    const lab = scriptedCluster(cluster, freshFacts(cluster));
    lab.texts = { ...TEXTS, './certs/client.key': '' };
    const { plan } = await lab.plan();
    expect(plan.steps).toEqual([]);
    expect(plan.problems.map(({ message, why }) => `${message}: ${why}`)).toEqual([
      'datastore.keyFile sends ./certs/client.key to server-1 and 2 more hosts, and that file cannot be used: It is empty.',
    ]);
    expect(lab.changes()).toEqual([]);
  });
});

describe('files, manifests and registries', () => {
  const AUDIT = '/etc/rancher/k3s/audit.yaml';
  const MOTD = '/etc/motd.d/k3s';
  const ADDON = '/var/lib/rancher/k3s/server/manifests/web.yaml';
  const REGISTRIES = '/etc/rancher/k3s/registries.yaml';
  const texts = {
    './audit.yaml': 'kind: Policy\nrules: []\n',
    './motd': 'welcome\n',
    './addons/web.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n',
  };
  const wide = normalise({
    metadata: { name: 'edge' },
    k3s: { version: 'v1.36.3+k3s1' },
    loadBalancer: { address: '10.0.0.100' },
    datastore: { type: 'embedded-etcd' },
    token: '${secret:edge-token}',
    registries: { configs: { 'r.example.com': { auth: { username: 'k3s', password: '${secret:registry}' } } } },
    manifests: ['./addons/web.yaml'],
    files: [{ from: './motd', to: MOTD, mode: '0644' }],
    servers: {
      files: [{ from: './audit.yaml', to: AUDIT, restart: true }],
      nodes: [1, 2, 3].map((n) => ({ host: `10.0.0.1${n}`, name: `server-${n}` })),
    },
    agents: { nodes: [{ host: '10.0.1.11', name: 'agent-1' }] },
  });
  const changed = async (
    path: string,
    text: string,
  ): Promise<{ readonly lab: ReturnType<typeof scriptedCluster>; readonly plan: Plan }> => {
    const lab = scriptedCluster(wide, freshFacts(wide));
    lab.texts = texts;
    expect(await lab.run(await lab.plan())).toMatchObject({ result: 'done', problems: [] });
    lab.texts = { ...texts, [path]: text };
    return { lab, plan: (await lab.plan()).plan };
  };

  it('stand on the hosts before K3s starts, each where it belongs and with its mode', async () => {
    const lab = scriptedCluster(wide, freshFacts(wide));
    lab.texts = texts;
    const prepared = await lab.plan();
    const text = planText(prepared.plan);
    expect(text).toContain('+ kind: Policy');
    expect(text).toMatch(/password: «secret»/);
    expect(JSON.stringify(prepared.plan)).not.toContain('f00dfeed');
    expect(await lab.run(prepared)).toMatchObject({ result: 'done', problems: [] });
    const on = (id: string): string[] =>
      [...(lab.facts.get(id)?.files ?? [])].map(([path, { mode }]) => `${mode} ${path}`);
    expect(on('server-2')).toEqual([`0600 ${REGISTRIES}`, `0644 ${MOTD}`, `0600 ${AUDIT}`, `0600 ${ADDON}`]);
    expect(on('agent-1')).toEqual([`0600 ${REGISTRIES}`, `0644 ${MOTD}`]);
    expect((await lab.plan()).plan.steps).toEqual([]);
  });

  it('that K3s reads at its start restart one server after another', async () => {
    const { plan } = await changed('./audit.yaml', 'kind: Policy\nrules: [{level: None}]\n');
    expect(stepIds(plan).filter((id) => id.startsWith('restart'))).toEqual(
      ['server-1', 'server-2', 'server-3'].map((id) => `restart:${id}`),
    );
  });

  it('that K3s does not read, or reads while it runs, restart nothing', async () => {
    const { lab, plan } = await changed('./addons/web.yaml', texts['./addons/web.yaml'].replace('web}', 'web2}'));
    expect(stepIds(plan)).toEqual([
      ...['server-1', 'server-2', 'server-3'].map((id) => `place-file:${id}:${ADDON}`),
      expect.stringMatching(/^await-nodes/),
    ]);
    expect(await lab.run(await lab.plan())).toMatchObject({ result: 'done', problems: [] });
  });

  it('that leave the cluster file go from the hosts; of manifests it is said that K3s keeps what it made', async () => {
    const { lab } = await changed('./motd', texts['./motd']);
    const { manifests, registries, ...rest } = wide;
    expect([manifests, registries]).not.toContain(undefined);
    const without = {
      ...rest,
      servers: rest.servers.map(({ files, ...node }) => ({ ...node, files: (files ?? []).slice(0, 1) })),
    };
    const prepared = await lab.plan(without);
    expect(prepared.plan.notes.join('\n')).toContain('K3s keeps in the cluster what it made of web.yaml');
    expect(await lab.run(prepared, { cluster: without })).toMatchObject({ result: 'done', problems: [] });
    expect([...(lab.facts.get('server-1')?.files.keys() ?? [])]).toEqual([MOTD]);
    expect([...(lab.facts.get('agent-1')?.files.keys() ?? [])]).toEqual([MOTD]);
  });

  it.each([
    ['a manifest that K3s would not apply', { './addons/web.yaml': 'kind: Namespace\n' }, 'it has no apiVersion'],
    [
      'a key that others could read',
      { './motd': '-----BEGIN PRIVATE KEY-----\nYQ==\n-----END PRIVATE KEY-----\n' },
      'with the mode 0644 other users of the hosts could read it',
    ],
    ['a file that is not there', { './audit.yaml': undefined as unknown as string }, 'does not exist'],
  ])('are refused before anything is touched: %s', async (_, wrong, words) => {
    const lab = scriptedCluster(wide, freshFacts(wide));
    lab.texts = { ...texts, ...wrong };
    const { plan } = await lab.plan();
    expect(plan.problems.map(({ why }) => why).join()).toContain(words);
    expect(plan.steps).toEqual([]);
  });

  it('may name their owner by number, and long ones are not compared line by line', () => {
    const long = 'a\n'.repeat(1_001);
    const servers = wide.servers.slice(0, 1).map((node) => ({
      ...node,
      files: [{ from: './motd', to: MOTD, mode: '0600', owner: '65534:nogroup', restart: false, path: ['files', 0] }],
    }));
    const odd = { ...wide, servers, manifests: [] };
    const desired = contentFor(odd, undefined, readTexts({ './motd': long }));
    const facts = provisionedFacts(odd);
    const seen = facts.get('server-1') as HostFacts;
    const there = (text: string, ids: string): Map<string, HostFacts> =>
      new Map([['server-1', { ...seen, files: new Map([[MOTD, fileOf(text, { owner: 'nobody:nogroup', ids })]]) }]]);
    const steps = (found: Map<string, HostFacts>): string[] =>
      planFor(odd, found, { desired }).steps.flatMap(({ id, differences }) =>
        id.includes(MOTD) ? differences.map(({ before, after }) => `${before}${after}`) : [],
      );
    expect(steps(there(long, '65534:65534'))).toEqual([]);
    expect(steps(there('b\n', '65534:65534')).join()).toMatch(/^2 bytes, sha256 .+…\n2002 bytes, sha256 .+…\n$/);
  });

  it('cannot take places that K3s writes, nor the same one twice', () => {
    const target = (to: string): Plan => {
      const servers = wide.servers.map((node) => ({
        ...node,
        files: [{ from: './motd', to, mode: '0600', restart: false, path: ['files', 0] }],
      }));
      const odd = { ...wide, manifests: ['./addons/web.yaml', './web.yaml'], servers: servers.slice(0, 1) };
      const desired = contentFor(odd, undefined, readTexts({ ...texts, './web.yaml': 'a' }));
      return planFor(odd, freshFacts(odd), { desired });
    };
    expect(target('/etc/rancher/k3s/config.yaml').problems).toMatchObject([
      {
        code: 'file-place-owned',
        host: 'server-1',
        why: expect.stringContaining('written from the cluster file') as string,
      },
      { code: 'file-place-twice', host: 'server-1', message: expect.stringContaining(ADDON) as string },
    ]);
  });
});

describe('manifests that leave with what K3s made of them', () => {
  const folder = '/var/lib/rancher/k3s/server/manifests';
  const nodes = [1, 2, 3].map((i) => ({ host: `10.0.0.1${i}`, name: `server-${i}` }));
  const read = (more: object): Cluster =>
    normalise({
      metadata: { name: 'edge' },
      k3s: { version: 'v1.36.3+k3s1' },
      datastore: { type: 'embedded-etcd' },
      token: '${secret:edge-token}',
      servers: { nodes },
      ...more,
    });
  const own = read({ manifests: ['./a.yaml', './b.yaml'] });
  const texts = {
    './a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n',
    './b.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n',
  };
  const placed = async (): Promise<ReturnType<typeof scriptedCluster>> => {
    const lab = scriptedCluster(own, freshFacts(own));
    lab.texts = texts;
    expect(await lab.run(await lab.plan())).toMatchObject({ result: 'done', problems: [] });
    return lab;
  };
  const agreed = read({ manifests: ['./b.yaml'], deleteManifests: ['a.yaml'] });

  it('go from the other servers first, then from the cluster, then from the server that was asked', async () => {
    const lab = await placed();
    const prepared = await lab.plan(agreed);
    const { steps, notes } = prepared.plan;
    expect(stepIds(prepared.plan).filter((id) => !id.startsWith('await'))).toEqual([
      `remove-file:server-2:${folder}/a.yaml`,
      `remove-file:server-3:${folder}/a.yaml`,
      `delete-manifest:server-1:${folder}/a.yaml`,
      `remove-file:server-1:${folder}/a.yaml`,
    ]);
    expect(steps.find(({ kind }) => kind === 'delete-manifest')?.after).toEqual(
      ['server-2', 'server-3'].map((id) => `remove-file:${id}:${folder}/a.yaml`),
    );
    expect(notes.join('\n')).toContain('What K3s made of a.yaml is deleted from the cluster');
    expect(notes.join('\n')).not.toContain('K3s keeps');
    expect(await lab.run(prepared, { cluster: agreed })).toMatchObject({ result: 'done', problems: [] });
    expect([...(lab.facts.get('server-1')?.files.keys() ?? [])]).toEqual([`${folder}/b.yaml`]);
    expect((await lab.plan(agreed)).plan.steps).toEqual([]);
  });

  it('stay in the cluster when the file does not say so, and the plan says how to have them deleted', async () => {
    const lab = await placed();
    const { plan } = await lab.plan(read({ manifests: ['./b.yaml'] }));
    expect(stepIds(plan).filter((id) => id.startsWith('delete-manifest'))).toEqual([]);
    expect(plan.notes.join('\n')).toMatch(/K3s keeps in the cluster what it made of a\.yaml.*deleteManifests/);
  });

  it('are not deleted while they are still wanted', async () => {
    const lab = await placed();
    const { plan } = await lab.plan(read({ manifests: ['./a.yaml', './b.yaml'], deleteManifests: ['a.yaml'] }));
    expect(plan.steps).toEqual([]);
    expect(plan.notes.join('\n')).toContain('a.yaml is named by deleteManifests and still one of the manifests');
  });

  it('may come back with a server that does not answer, which is said', async () => {
    const lab = await placed();
    lab.facts.delete('server-3');
    const { plan } = await lab.plan(agreed);
    expect(plan.notes.join('\n')).toContain('server-3 does not answer: a.yaml there would come back');
  });
});

describe('manifests of several servers', () => {
  const folder = '/var/lib/rancher/k3s/server/manifests';
  const own = normalise({
    metadata: { name: 'edge' },
    k3s: { version: 'v1.36.3+k3s1' },
    datastore: { type: 'embedded-etcd' },
    token: '${secret:edge-token}',
    manifests: ['./a.yaml'],
    servers: { nodes: [1, 2, 3].map((i) => ({ host: `10.0.0.1${i}`, name: `server-${i}` })) },
  });
  const local = readTexts({ './a.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n' });

  it('are the same on all of them before one is restarted, which would apply its own again', () => {
    const relabelled = { ...own, servers: own.servers.map((node) => ({ ...node, config: { 'node-label': ['a=b'] } })) };
    const plan = planFor(relabelled, provisionedFacts(own), { desired: contentFor(relabelled, undefined, local) });
    expect(plan.problems).toEqual([]);
    const restart = plan.steps.find(({ id }) => id === 'put-aside:server-1');
    expect(restart?.after).toEqual(
      expect.arrayContaining(own.servers.map(({ id }) => `place-file:${id}:${folder}/a.yaml`)),
    );
    expect(stepIds(plan).filter((id) => id.startsWith('place-file'))).toHaveLength(3);
  });

  it('come to one that goes on running before another one is restarted', () => {
    const [first, ...others] = own.servers;
    const one = {
      ...own,
      servers: [first, ...others].map((node) =>
        node === first ? { ...node, config: { 'node-label': ['a=b'] } } : node,
      ),
    } as typeof own;
    const plan = planFor(one, provisionedFacts(own), { desired: contentFor(one, undefined, local) });
    expect(plan.steps.find(({ id }) => id === 'put-aside:server-1')?.after).toContain(
      `place-file:server-3:${folder}/a.yaml`,
    );
  });

  it('are refused when they are one AddOn to K3s, in whatever folder', () => {
    const twice = { ...own, manifests: ['./a.yaml', './b/a.yml'] };
    const both = readTexts({ './a.yaml': 'kind: A\n', './b/a.yml': 'kind: B\n' });
    const plan = planFor(twice, freshFacts(own), { desired: contentFor(twice, undefined, both) });
    expect(plan.problems[0]).toMatchObject({
      code: 'manifest-name-taken',
      message: `${folder}/a.yaml and ${folder}/a.yml on server-1 are one AddOn a to K3s`,
    });
  });

  it('of a kube-vip that announces Services are refused beside ServiceLB', () => {
    const text = 'kind: DaemonSet\nimage: kube-vip\nenv:\n- name: svc_enable\n  value: "true"\n';
    const services = readTexts({ './a.yaml': text });
    const problems = (wanted: typeof own) =>
      planFor(wanted, freshFacts(own), { desired: contentFor(wanted, undefined, services) }).problems;
    expect(problems(own)[0]).toMatchObject({ code: 'kubevip-with-servicelb', host: 'server-1' });
    const without = { ...own, servers: own.servers.map((node) => ({ ...node, config: { disable: ['servicelb'] } })) };
    expect(problems(without as typeof own)).toEqual([]);
    const asFile = (to: string) =>
      problems({
        ...own,
        manifests: undefined,
        servers: own.servers.map((node) => ({ ...node, files: [{ from: './a.yaml', to }] })),
      } as unknown as typeof own).map(({ code }) => code);
    expect(asFile(`${folder}/vip.yaml`)).toContain('kubevip-with-servicelb');
    expect(asFile('/etc/vip.yaml')).toEqual([]);
  });
});
