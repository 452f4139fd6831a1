import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { downloads } from '../../src/adapters/files/downloads';
import { etcdMembers } from '../../src/core/remote/etcd';
import { target } from '../../src/engine/hosts/targets';
import { operationById } from '../../src/engine/operations/registry';
import { copySnapshot } from '../../src/engine/snapshots/copySnapshot';
import { s3Double, type S3Double } from '../support/s3Double';
import { nodeLabels } from './apiObjects';
import { engineLab, type EngineLab } from './engineLab';

const KEYS = { accessKey: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const restoring = (snapshot: string, more: object = {}) => ({
  operation: operationById('restore'),
  intent: { snapshot, ...more },
});

interface Kept {
  readonly lab: EngineLab;
  readonly name: string;
  readonly service: S3Double;
  /** What K3s on the servers lists. */
  listed: number;
}

/** A cluster whose only snapshot is in S3: a double of it, as K3s on the servers is one. */
async function keptInS3(): Promise<Kept> {
  const service = await s3Double({ bucket: 'backup', ...KEYS });
  onTestFinished(() => service.close());
  const lab = await engineLab((text) =>
    text.replace(
      /^servers:\n {2}config:$/m,
      `servers:
  config:
    etcd-s3: true
    etcd-s3-endpoint: 127.0.0.1:${service.port}
    etcd-s3-insecure: true
    etcd-s3-bucket: backup
    etcd-s3-folder: k3s
    etcd-s3-access-key: ${KEYS.accessKey}
    etcd-s3-secret-key: ${KEYS.secretKey}`,
    ),
  );
  expect((await lab.run(await lab.plan())).problems).toEqual([]);
  await nodeLabels(lab.fleet, 'server-1', 'server-1', { early: 'yes' });
  const saving = { operation: operationById('save-snapshot'), intent: { name: 'before', on: 'server-1' } };
  expect((await lab.run(await lab.plan(saving))).problems).toEqual([]);
  const copied = await copySnapshot(
    lab.cluster,
    { snapshot: { base: 'before' }, place: (name) => join(lab.folder, 'backup', name) },
    {
      hosts: lab.hosts,
      secrets: { admit: async () => ({ ok: true, value: undefined }) } as never,
      parallel: 4,
      downloads,
    },
  );
  if (!copied.ok) throw new Error(copied.error.message);
  const { path, sheet } = copied.value;
  const bytes = readFileSync(path);
  service.objects.set(`k3s/${sheet.snapshot}`, bytes);
  const deleting = { operation: operationById('delete-snapshot'), intent: { names: [sheet.snapshot] } };
  expect((await lab.run(await lab.plan(deleting))).problems).toEqual([]);
  const kept: Kept = { lab, name: sheet.snapshot, service, listed: bytes.length };
  lab.says = (_, script) =>
    script === 'list-snapshots'
      ? {
          stdout: JSON.stringify({
            items: [
              {
                spec: { snapshotName: kept.name, nodeName: 's3', location: `s3://backup/k3s/${kept.name}` },
                status: { size: String(kept.listed), creationTime: sheet.created, readyToUse: true },
              },
            ],
          }),
        }
      : undefined;
  return kept;
}

/** By etcd's own word. */
async function members({ cluster, hosts }: EngineLab): Promise<readonly (string | undefined)[]> {
  const [server] = cluster.servers;
  if (server === undefined) throw new Error('a server');
  const etcd = await hosts.run(target(server), etcdMembers('/var/lib/rancher/k3s'));
  return etcd.kind === 'done' ? etcd.value.members.map(({ nodeName }) => nodeName).sort() : [];
}

const SERVERS = ['server-1', 'server-2', 'server-3'];

describe('a restore of a snapshot that is in S3 only', () => {
  it('N21: gets it here, proves it on a server before any stops, and brings the cluster back', async () => {
    const { lab, name, service } = await keptInS3();
    await nodeLabels(lab.fleet, 'server-1', 'server-1', { late: 'yes' });
    const prepared = await lab.plan(restoring(name));
    expect(prepared.plan.problems).toEqual([]);
    const titles = prepared.plan.steps.map(({ says }) => says.title);
    expect(titles[0]).toMatch(
      new RegExp(`^Send what this computer got from http://127.0.0.1:${service.port}/backup/k3s/${name} `),
    );
    expect(prepared.plan.steps.map(({ kind }) => kind).slice(0, 3)).toEqual([
      'send-snapshot',
      'prove-snapshot',
      'halt-server',
    ]);
    expect(JSON.stringify(prepared.plan)).not.toContain(KEYS.secretKey);
    expect((await lab.run(prepared)).problems).toEqual([]);
    expect(await nodeLabels(lab.fleet, 'server-1', 'server-1')).toMatchObject({ early: 'yes' });
    expect(await nodeLabels(lab.fleet, 'server-1', 'server-1')).not.toHaveProperty('late');
    expect(await members(lab)).toEqual(SERVERS);
    expect((await lab.plan()).plan).toMatchObject({ steps: [], problems: [] });
  }, 120_000);

  it('N21: stops nothing for an object that is missing, empty, of another size, damaged, or not given', async () => {
    const kept = await keptInS3();
    const { lab, name, service } = kept;
    const key = `k3s/${name}`;
    const bytes = service.objects.get(key) ?? Buffer.alloc(0);
    const codes = async (): Promise<readonly string[]> => {
      const prepared = await lab.plan(restoring(name));
      if (prepared.plan.problems.length > 0) {
        expect(prepared.plan.steps).toEqual([]);
        return prepared.plan.problems.map(({ code }) => code);
      }
      return (await lab.run(prepared)).problems.map(({ code }) => code);
    };
    service.objects.delete(key);
    expect(await codes()).toEqual(['s3-object-missing']);
    service.objects.set(key, Buffer.alloc(0));
    expect(await codes()).toEqual(['s3-object-size']);
    service.objects.set(key, bytes.subarray(0, 4096));
    expect(await codes()).toEqual(['s3-object-size']);
    // Cut off where it was uploaded, so that K3s lists what is there.
    kept.listed = 4096;
    expect(await codes()).toEqual(['snapshot-unusable']);
    kept.listed = bytes.length;
    const damaged = Buffer.from(bytes);
    damaged.fill(0, damaged.length - 32);
    service.objects.set(key, damaged);
    expect(await codes()).toEqual(['snapshot-unusable']);
    service.objects.set(key, bytes);
    const file = lab.cluster;
    lab.cluster = {
      ...file,
      servers: file.servers.map((one) => ({ ...one, config: { ...one.config, 'etcd-s3-secret-key': 'wrong' } })),
    };
    expect(await codes()).toEqual(['s3-refused']);
    lab.cluster = file;
    const { plan } = await lab.plan(restoring('no-such-1795739771'));
    expect(plan.problems).toMatchObject([{ code: 'snapshot-unknown', why: expect.stringContaining('does not exist') }]);
    for (const { id } of lab.cluster.servers) expect(lab.fleet.inspect(id).unit('k3s').active).toBe('active');
    expect(await members(lab)).toEqual(SERVERS);
  }, 120_000);
});
