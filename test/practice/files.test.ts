import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseDocument } from '../../src/core/document/parse';
import { normalise } from '../../src/core/cluster/normalise';
import { CONFIG_PATH } from '../../src/core/k3s/paths';
import type { ClusterNode } from '../../src/core/cluster/cluster';
import { writeFile } from '../../src/core/remote/file';
import { target } from '../../src/engine/hosts/targets';
import { tlsFolder, type TlsFolder } from '../support/tlsFiles';
import { engineLab, stepIds, type EngineLab } from './engineLab';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const FOLDER = '/etc/rancher/k3s/k3s-ha';
const CA = `${FOLDER}/datastore-ca.crt`;
const ETCD = `type: etcd
  endpoint: https://10.0.0.60:2379,https://10.0.0.61:2379,https://10.0.0.62:2379
  caFile: certs/ca.crt
  certFile: certs/client.crt
  keyFile: certs/client.key`;

function certificates(them: EngineLab): TlsFolder {
  const tls = tlsFolder(join(them.folder, 'certs'));
  tls.authority('ca');
  tls.issue('client', 'ca', 'extendedKeyUsage=clientAuth');
  return tls;
}

const local = (them: EngineLab, name: string): string => readFileSync(join(them.folder, 'certs', name), 'utf8');
const contents = (them: EngineLab, path: string): (string | undefined)[] =>
  SERVERS.map((id) => them.fleet.inspect(id).file(path)?.content);

it('certificates beside the cluster file bring K3s to an etcd of others, change with its restarts, and go again', async () => {
  const them = await engineLab((text) => text.replace('type: embedded-etcd', ETCD));
  const tls = certificates(them);
  const key = local(them, 'client.key');
  const events: string[] = [];
  const first = await them.run(await them.plan(), (event) => events.push(JSON.stringify(event)));
  expect(first).toMatchObject({ result: 'done', problems: [] });
  expect(contents(them, CA)).toEqual(SERVERS.map(() => local(them, 'ca.crt')));
  expect(them.fleet.inspect('server-3').file(`${FOLDER}/datastore-client.key`)).toMatchObject({
    content: key,
    mode: 0o600,
  });
  expect(them.fleet.inspect('server-1').file(CONFIG_PATH)?.content).toContain(`datastore-cafile: ${CA}\n`);
  expect(them.fleet.inspect('agent-1').file(CA)).toBeUndefined();
  expect(events.join('') + them.logged.join('')).not.toContain(key.split('\n')[1]);
  expect(stepIds(await them.plan())).toEqual([]);

  tls.authority('ca');
  tls.issue('client', 'ca', 'extendedKeyUsage=clientAuth');
  const renewed = await them.plan();
  expect(stepIds(renewed).filter((id) => id.startsWith('restart'))).toEqual(SERVERS.map((id) => `restart:${id}`));
  expect(await them.run(renewed)).toMatchObject({ result: 'done', problems: [] });
  expect(contents(them, CA)).toEqual(SERVERS.map(() => local(them, 'ca.crt')));

  // Without the CA in the file; somebody has changed it on one server.
  const text = readFileSync(join(them.folder, 'cluster.k3s.yaml'), 'utf8');
  const without = text.replace('  caFile: certs/ca.crt\n', '');
  them.cluster = normalise(parseDocument(without).data);
  const [, second] = them.cluster.servers as [ClusterNode, ClusterNode];
  await them.hosts.run(target(second), writeFile(CA, '0600', 'by hand\n'));
  const plan = await them.plan();
  expect(plan.plan.notes.join('\n')).toContain(`${CA} on server-2 is not in the cluster file any more`);
  expect(await them.run(plan)).toMatchObject({ result: 'done', problems: [] });
  expect(contents(them, CA)).toEqual([undefined, 'by hand\n', undefined]);
  expect(stepIds(await them.plan())).toEqual([]);
});

it('what was read for the plan is what is sent, whatever becomes of the file meanwhile', async () => {
  const them = await engineLab((text) => text.replace('type: embedded-etcd', ETCD));
  certificates(them);
  expect((await them.run(await them.plan())).problems).toEqual([]);
  const before = contents(them, CA);
  const tls = tlsFolder(join(them.folder, 'certs'));
  tls.authority('ca');
  tls.issue('client', 'ca', 'extendedKeyUsage=clientAuth');
  const prepared = await them.plan();
  const planned = local(them, 'ca.crt');
  writeFileSync(join(them.folder, 'certs', 'ca.crt'), 'changed after the plan');
  expect(await them.run(prepared)).toMatchObject({ result: 'done' });
  expect(contents(them, CA)).toEqual(SERVERS.map(() => planned));
  expect(before).not.toContain(planned);
  expect((await them.plan()).plan.problems).toMatchObject([{ code: 'tls-file-unusable' }]);
});

it('registries, manifests and files come, change and go on the hosts that they are for', async () => {
  const more = `registries:
  mirrors: {docker.io: {endpoint: ["https://registry.example.com:5000"]}}
  configs: {"registry.example.com:5000": {auth: {username: k3s, password: "\${file:.practice/token}"}}}
manifests: [addons/*.yaml]
files:
  - {from: motd, to: /etc/motd.d/k3s, mode: '0644', owner: 'root:root'}
`;
  const them = await engineLab((text) => `${text}${more}`);
  mkdirSync(join(them.folder, 'addons'));
  const put = (name: string, text: string): void => writeFileSync(join(them.folder, name), text);
  put('motd', 'welcome\n');
  put('addons/web.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: web}\n');
  const token = readFileSync(join(them.folder, '.practice', 'token'), 'utf8').trim();
  const prepared = await them.plan();
  expect(prepared.plan.problems).toEqual([]);
  expect(JSON.stringify(prepared.plan)).not.toContain(token);
  expect(await them.run(prepared)).toMatchObject({ result: 'done', problems: [] });
  const registries = '/etc/rancher/k3s/registries.yaml';
  const addon = '/var/lib/rancher/k3s/server/manifests/web.yaml';
  expect(them.fleet.inspect('agent-2').file(registries)).toMatchObject({ mode: 0o600 });
  expect(them.fleet.inspect('agent-2').file(registries)?.content).toContain(`password: ${token}`);
  expect(them.fleet.inspect('server-2').file(addon)).toMatchObject({ mode: 0o600 });
  expect(them.fleet.inspect('agent-1').file(addon)).toBeUndefined();
  expect(them.fleet.inspect('agent-1').file('/etc/motd.d/k3s')).toMatchObject({ mode: 0o644, content: 'welcome\n' });
  expect(stepIds(await them.plan())).toEqual([]);

  put('motd', 'hello\n');
  const changed = await them.plan();
  expect(stepIds(changed).filter((id) => id.startsWith('restart'))).toEqual([]);
  expect(await them.run(changed)).toMatchObject({ result: 'done', problems: [] });

  const text = readFileSync(join(them.folder, 'cluster.k3s.yaml'), 'utf8');
  them.cluster = normalise(parseDocument(text.slice(0, text.indexOf('registries:'))).data);
  them.cluster = { ...them.cluster, deleteManifests: ['web.yaml'] };
  const away = await them.plan();
  expect(away.plan.notes.join('\n')).toContain('What K3s made of web.yaml is deleted');
  expect(stepIds(away).filter((id) => id.startsWith('restart'))).toHaveLength(5);
  expect(await them.run(away)).toMatchObject({ result: 'done', problems: [] });
  for (const path of [registries, addon, '/etc/motd.d/k3s'])
    expect(them.fleet.inspect('server-1').file(path)).toBeUndefined();
  expect(stepIds(await them.plan())).toEqual([]);
});
