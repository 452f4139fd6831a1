import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { createFiles } from '../../src/adapters/files/files';
import { createClusterApi } from '../../src/adapters/kubernetes/api';
import { saveKubeconfig } from '../../src/adapters/kubernetes/kubeconfigFile';
import { chosenKubeconfig, kubeconfigPlaces } from '../../src/adapters/kubernetes/kubeconfigPlaces';
import { formatProblem, type Problem } from '../../src/core/base/problem';
import { ok, type Result } from '../../src/core/base/result';
import { leftOutNotice } from '../../src/core/kubeconfig/leftOut';
import { tightenedNotice } from '../../src/core/kubeconfig/saved';
import type { Cluster } from '../../src/core/cluster/cluster';
import { findAccess } from '../../src/engine/access/findAccess';
import { fetchKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import type { ApiEndpoint, KubeconfigPlace, RemoteHosts } from '../../src/engine/ports';
import { reachApi } from '../../src/engine/access/reachApi';
import { startApiDouble, type ApiDouble } from '../adapters/kubernetes/apiDouble';
import { makeAuthority } from '../adapters/kubernetes/certificates';
import { clusterOf } from '../support/cluster';
import { prepared } from '../unit/kubeconfig/k3sYaml';

type Fields = Record<string, unknown>;
interface Config {
  clusters: { name: string; cluster: Fields }[];
  contexts: { name: string; context: Fields }[];
  users: { name: string; user: Fields }[];
}

const api = createClusterApi({ log: { debug: () => undefined }, timeoutMs: 5_000 });
let double: ApiDouble;
let cluster: Cluster;
let folder: string;
/** What a program that must not run would leave behind. */
const trace = (): string => join(folder, 'PWNED');
const program = (): Fields => ({
  apiVersion: 'client.authentication.k8s.io/v1',
  command: '/bin/sh',
  args: ['-c', `id > ${trace()}; echo '{"status":{"token":"t"}}'`],
  interactiveMode: 'Never',
});

beforeAll(async () => {
  const [serverCa, clientCa] = await Promise.all([makeAuthority('k3s-server-ca@1'), makeAuthority('k3s-client-ca@1')]);
  double = await startApiDouble({ serverCa, clientCa });
  const shape = clusterOf();
  cluster = {
    ...shape,
    name: 'edge',
    loadBalancer: {
      ...shape.loadBalancer,
      type: 'external',
      address: '127.0.0.1',
      port: double.port,
    } as Cluster['loadBalancer'] & object,
  };
});
afterAll(() => double.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k3s-ha-hostile-'));
  double.requests.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The kubeconfig of the double after `spoil` had its way. */
function kubeconfigWith(spoil: (config: Config, cluster: Fields, user: Fields) => void): string {
  const config = JSON.parse(double.kubeconfig()) as Config;
  spoil(config, config.clusters[0]?.cluster ?? {}, config.users[0]?.user ?? {});
  return stringify(config);
}

/** Hosts that answer every question with `text`, and tunnels to nowhere. */
function hostsThatSay(text: string): RemoteHosts {
  return {
    run: async (_target, command) => ({
      kind: 'done',
      value: (command.parse({ stdout: text, stderr: '', exitCode: 0 }) as Result<never, Problem> & { ok: true }).value,
    }),
    openTunnel: async () => ({ ok: false, error: { code: 'tunnel', message: 'no tunnel', nextSteps: [] } }),
    mask: (said) => said,
    dispose: async () => undefined,
  };
}

/** Looks at the cluster as `status` and the explorer do. */
async function look(
  places: readonly KubeconfigPlace[],
  hosts?: RemoteHosts,
): Promise<{ readonly said: string[]; readonly access: Result<ApiEndpoint, Problem>; readonly nodes: boolean }> {
  const said: string[] = [];
  const access = await findAccess(cluster, {
    files: createFiles({ followLinks: () => true }),
    places,
    warn: (message) => said.push(message),
    ...(hosts === undefined ? {} : { hosts }),
  });
  const reached = access.ok ? await reachApi(cluster, access.value, api, hosts) : access;
  return { said, access, nodes: reached.ok && (await api.listNodes(reached.value.endpoint)).ok };
}

const SECRET = 'sesame-open-5';
/** Every way in which a kubeconfig can run a program, open a file, go elsewhere or sign in as somebody else. */
const FORBIDDEN: readonly (readonly [string, string, (config: Config, cluster: Fields, user: Fields) => void])[] = [
  ['a program beside the certificate', 'user "edge": exec', (_, __, user) => (user['exec'] = program())],
  [
    'an auth provider that runs a program',
    'user "edge": auth-provider',
    (_, __, user) =>
      (user['auth-provider'] = { name: 'gcp', config: { 'cmd-path': '/bin/sh', 'cmd-args': `-c id>${trace()}` } }),
  ],
  [
    'an auth provider that calls exec',
    'user "edge": auth-provider',
    (_, __, user) => (user['auth-provider'] = { name: 'exec', config: { exec: program() } }),
  ],
  ['a token', 'user "edge": token', (_, __, user) => (user['token'] = SECRET)],
  [
    'the path of a token',
    'user "edge": tokenFile, token-file',
    (_, __, user) => Object.assign(user, { tokenFile: '/etc/hostname', 'token-file': '/etc/hostname' }),
  ],
  [
    'a password',
    'user "edge": username, password',
    (_, __, user) => Object.assign(user, { username: 'root', password: SECRET }),
  ],
  [
    'the path of a key',
    'user "edge": client-key, client-certificate',
    (_, __, user) => Object.assign(user, { 'client-key': '/etc/hostname', 'client-certificate': '/etc/hostname' }),
  ],
  [
    'another person',
    'user "edge": as, as-groups',
    (_, __, user) => Object.assign(user, { as: 'root', 'as-groups': ['system:masters'] }),
  ],
  ['a proxy', 'cluster "edge": proxy-url', (_, c) => (c['proxy-url'] = 'http://127.0.0.1:1')],
  [
    'the path of a CA',
    'cluster "edge": certificate-authority',
    (_, c) => (c['certificate-authority'] = '/etc/hostname'),
  ],
  ['no verification', 'cluster "edge": insecure-skip-tls-verify', (_, c) => (c['insecure-skip-tls-verify'] = true)],
  ['another name to verify', 'the cluster: tls-server-name', (_, c) => (c['tls-server-name'] = 'elsewhere')],
  [
    'extensions',
    'cluster "edge": extensions; the file itself: extensions',
    (config, c) =>
      Object.assign(config, { extensions: [1] }) && (c['extensions'] = [{ name: 'x', extension: { a: SECRET } }]),
  ],
  ['a namespace', 'context "edge": namespace', (config) => (config.contexts[0]!.context['namespace'] = 'kube-system')],
  ['a field that nobody knows', 'user "edge": frobnicate', (_, __, user) => (user['frobnicate'] = SECRET)],
  [
    'a second user',
    'user "evil": all of it',
    (config) => config.users.push({ name: 'evil', user: { exec: program() } }),
  ],
];

describe('a kubeconfig of a host', () => {
  it('C1: a program in the kubeconfig of a server is neither run nor merged, by status, kubeconfig and the explorer', async () => {
    const hosts = hostsThatSay(
      kubeconfigWith((_, __, user) => {
        delete user['client-certificate-data'];
        delete user['client-key-data'];
        user['exec'] = program();
      }),
    );
    const fetched = await fetchKubeconfig(cluster, hosts, api);
    expect(fetched).toMatchObject({
      ok: false,
      error: {
        code: 'kubeconfig-incomplete',
        host: 'server-1',
        message: expect.stringContaining('client-key-data is missing'),
      },
    });
    const looked = await look([], hosts);
    expect(looked.access).toMatchObject({ ok: false, error: { code: 'kubeconfig-incomplete' } });
    expect(existsSync(trace())).toBe(false);
    expect(double.requests).toEqual([]);
  });

  it.each(FORBIDDEN)(
    'C1: a kubeconfig of a server with %s: the rest works, it goes nowhere and is told',
    async (_, told, spoil) => {
      const hosts = hostsThatSay(kubeconfigWith(spoil));
      const fetched = await fetchKubeconfig(cluster, hosts, api);
      if (!fetched.ok) throw new Error(formatProblem(fetched.error));
      const path = join(folder, 'config');
      const saved = await saveKubeconfig(
        createFiles({ followLinks: () => true }),
        path,
        fetched.value.prepared,
        'overwrite',
        0,
        { selectIfNone: true },
      );
      expect(saved).toMatchObject({ ok: true, value: { change: 'created' } });
      const clean = JSON.parse(double.kubeconfig()) as Config;
      expect(parse(readFileSync(path, 'utf8'))).toEqual(clean);
      const notice = leftOutNotice('The kubeconfig of the server', fetched.value.prepared.leftOut) ?? '';
      expect(notice).toContain(told);
      expect(notice).not.toContain(SECRET);
      const looked = await look([], hosts);
      expect(looked).toMatchObject({ nodes: true, said: [notice] });
      expect(double.lastHeaders).not.toHaveProperty('authorization');
      expect(existsSync(trace())).toBe(false);
    },
  );

  it('C1: names of fields are told printable, few and short', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `\u001b]0;owned\u0007${i}${'x'.repeat(500)}`);
    const fetched = await fetchKubeconfig(
      cluster,
      hostsThatSay(kubeconfigWith((_, __, user) => names.forEach((name) => (user[name] = 1)))),
      api,
    );
    const notice = fetched.ok ? (leftOutNotice('It', fetched.value.prepared.leftOut) ?? '') : '';
    expect(notice).toContain('user "edge": ?]0;owned?0');
    expect(notice).toContain('and 22 more');
    // eslint-disable-next-line no-control-regex
    expect(notice).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(notice.length).toBeLessThan(700);
  });

  it.each(FORBIDDEN.filter(([what]) => what !== 'another name to verify'))(
    'C1: the client of the API itself refuses data with %s',
    async (_, __, spoil) => {
      expect(await api.verify({ kubeconfig: kubeconfigWith(spoil) })).toMatchObject({
        ok: false,
        error: { code: 'kubeconfig-invalid' },
      });
      expect(existsSync(trace())).toBe(false);
      expect(double.requests).toEqual([]);
    },
  );
});

describe('a kubeconfig in the folder of the cluster file', () => {
  const inProject = async (text: string): Promise<readonly KubeconfigPlace[]> => {
    mkdirSync(join(folder, 'project'), { recursive: true });
    const path = join(folder, 'project', 'cluster.kubeconfig');
    writeFileSync(path, text);
    return kubeconfigPlaces([path], [join(folder, 'project')]);
  };

  it('H9: a program in it never runs when the cluster is shown', async () => {
    const looked = await look(
      await inProject(
        kubeconfigWith((_, __, user) => {
          delete user['client-certificate-data'];
          user['exec'] = program();
        }),
      ),
    );
    expect(looked.access).toMatchObject({ ok: false, error: { code: 'kubeconfig-not-found' } });
    expect(looked.said.join()).toContain('client-certificate-data is missing');
    expect(existsSync(trace())).toBe(false);
  });

  it.each(FORBIDDEN)('H9: with %s it is used without that, and told', async (_, told, spoil) => {
    const looked = await look(await inProject(kubeconfigWith(spoil)));
    expect(looked.nodes).toBe(true);
    // Entries that the context does not use are not read at all.
    const entry = told.split('; ')[0] ?? '';
    if (!told.includes('evil') && !told.includes('namespace')) expect(looked.said.join()).toContain(entry);
    expect(existsSync(trace())).toBe(false);
  });

  it('H9: its address is not used, only that of the cluster file', async () => {
    const looked = await look(await inProject(kubeconfigWith((_, c) => (c['server'] = 'https://127.0.0.1:1'))));
    expect(looked.nodes).toBe(true);
    expect(looked.access.ok && looked.access.value.kubeconfig).not.toContain('127.0.0.1:1\n');
  });

  it('H9: KUBECONFIG that leads into the folder is treated alike', async () => {
    mkdirSync(join(folder, '.kube'));
    writeFileSync(
      join(folder, '.kube', 'config'),
      kubeconfigWith((_, __, user) => (user['exec'] = program())),
    );
    const looked = await look(await kubeconfigPlaces([join(folder, '.kube', 'config')], [folder]));
    expect(looked).toMatchObject({ nodes: true, access: { value: { trust: 'data' } } });
    expect(existsSync(trace())).toBe(false);
  });

  it('H9: the program of the person’s own kubeconfig still runs, directly and through a tunnel', async () => {
    const path = join(folder, 'own');
    writeFileSync(
      path,
      kubeconfigWith((_, __, user) => (user['exec'] = program())),
    );
    expect(await look([chosenKubeconfig(path)])).toMatchObject({ nodes: true, said: [] });
    expect(existsSync(trace())).toBe(true);
    rmSync(trace());
    const [server] = cluster.servers;
    if (server === undefined) throw new Error('no server');
    const near = { ...cluster, servers: [{ ...server, config: { 'https-listen-port': double.port } }] };
    const { connect } = await import('node:net');
    const hosts: RemoteHosts = { ...hostsThatSay(''), openTunnel: async () => ok(connect(double.port, '127.0.0.1')) };
    const gone = kubeconfigWith(
      (_, c, user) =>
        Object.assign(c, { server: 'https://127.0.0.1:1', 'tls-server-name': 'localhost' }) &&
        (user['exec'] = program()),
    );
    expect(await reachApi(near, { kubeconfig: gone, trust: 'own' }, api, hosts)).toMatchObject({
      ok: true,
      value: { via: server.id, endpoint: { trust: 'own' } },
    });
    expect(existsSync(trace())).toBe(true);
  });
});

describe.skipIf(process.platform === 'win32')('permissions of a file with an administrator’s key', () => {
  const files = createFiles({ followLinks: () => true });
  const save = async (path: string): Promise<string | undefined> => {
    const saved = await saveKubeconfig(files, path, prepared(), 'overwrite', 0);
    if (!saved.ok) throw new Error(formatProblem(saved.error));
    return tightenedNotice(saved.value);
  };

  it.each([
    [0o644, 'was open to others (0644); it is 0600 now'],
    [0o660, 'was open to others (0660); it is 0600 now'],
    [0o604, 'was open to others (0604); it is 0600 now'],
  ])('M6: a kubeconfig with mode %o becomes private when the key is written, and it is told', async (mode, words) => {
    const path = join(folder, 'config');
    writeFileSync(path, 'apiVersion: v1\nkind: Config\n');
    chmodSync(path, mode);
    expect(await save(path)).toContain(words);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('M6: also when it holds the key already, and only once', async () => {
    const path = join(folder, 'config');
    expect(await save(path)).toBeUndefined();
    chmodSync(path, 0o644);
    expect(await save(path)).toContain('0644');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await save(path)).toBeUndefined();
  });

  it('M6: a private file keeps its mode, and the folder is nobody’s business here', async () => {
    const path = join(folder, 'open', 'config');
    mkdirSync(join(folder, 'open'));
    chmodSync(join(folder, 'open'), 0o755);
    writeFileSync(path, '', { mode: 0o400 });
    expect(await save(path)).toBeUndefined();
    expect(statSync(path).mode & 0o777).toBe(0o400);
    expect(statSync(join(folder, 'open')).mode & 0o777).toBe(0o755);
  });
});
