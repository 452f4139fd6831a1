import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Uri } from 'vscode';
import { SETTINGS } from '../support/manifest';
import manifest from '../../package.json';
import { createFiles } from '../../src/adapters/files/files';
import { isInside } from '../../src/adapters/files/realPath';
import { saveKubeconfig } from '../../src/adapters/kubernetes/kubeconfigFile';
import { createCliSecrets } from '../../src/adapters/secrets/cliSecrets';
import { formatProblem, problemIn, type Problem } from '../../src/core/base/problem';
import { ok, type Result } from '../../src/core/base/result';
import { finish } from '../../src/core/base/steps';
import { parseDocument } from '../../src/core/document/parse';
import { inspectInSteps } from '../../src/core/language/validate';
import { normalise } from '../../src/core/cluster/normalise';
import { readKubeconfig } from '../../src/engine/access/fetchKubeconfig';
import type { Files, RemoteHosts } from '../../src/engine/ports';
import { prepareDirectory } from '../../src/practice/fleet';
import type { ClusterState } from '../../src/views/clusterState';
import { clusterRow } from '../../src/views/explorer';
import { localFile } from '../../src/vscode/services/localFile';
import { snapshotOf } from '../../src/views/diagram';
import { cli } from '../adapters/cli/run';
import { prepared } from '../unit/kubeconfig/k3sYaml';

const UNIX = process.platform !== 'win32';
const ROOT = process.getuid?.() === 0;
const HOSTS = [{ id: 'a', address: '127.77.0.11', sshPort: 2222 }];
const MINE = 'a file of the person, far from the repository\n';

/** A repository that somebody else filled, and a home folder beside it. */
let repository: string;
let home: string;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k3s-ha-hostile-'));
  repository = join(folder, 'repository');
  home = join(folder, 'home');
  mkdirSync(repository);
  mkdirSync(home);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A private file outside of the repository. */
function mine(name = 'mine', text = MINE): string {
  const path = join(home, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

const untouched = (path: string): void =>
  expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual([MINE, 0o600]);

/** The problem that a rejected promise carries. */
async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const found = problemIn(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );
  if (found === undefined) throw new Error('it was not refused');
  return found;
}

/** What a path holds, whatever it is: a link is its target. */
const tree = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true }).map(
    (entry) => `${entry.name} ${entry.isSymbolicLink() ? 'link' : entry.isFile() ? 'file' : 'other'}`,
  );

describe.runIf(UNIX)('M12: the practice fleet in a repository', () => {
  const practice = (name = ''): string => join(repository, '.practice', name);
  const start = (): Promise<Problem> => problemOf(prepareDirectory(repository, HOSTS));

  it('M12: a link from .practice/.gitignore to a private key does not open the key to others', async () => {
    const key = mine('id_ed25519');
    mkdirSync(practice());
    symlinkSync(key, practice('.gitignore'));
    const told = await start();
    untouched(key);
    expect(told.message).toContain(practice('.gitignore'));
    expect(told.why).toContain('symbolic link');
    expect(told.nextSteps.join()).toContain('Remove');
    expect(tree(practice())).toEqual(['.gitignore link']);
  });

  it.each(['known_hosts', 'token', 'id_ed25519', 'id_ed25519.pub', 'host_keys.json', '.gitignore'])(
    'M12: %s as a link to another file is refused, nothing is written and nothing made',
    async (name) => {
      const target = mine();
      mkdirSync(practice());
      symlinkSync(target, practice(name));
      expect((await start()).message).toContain(practice(name));
      untouched(target);
      expect(tree(practice())).toEqual([`${name} link`]);
    },
  );

  it.each(['known_hosts', 'token', 'host_keys.json'])(
    'M12: %s as a link to a file that does not exist yet does not make that file',
    async (name) => {
      mkdirSync(practice());
      symlinkSync(join(home, 'authorized_keys'), practice(name));
      await start();
      expect(readdirSync(home)).toEqual([]);
    },
  );

  it.each(['known_hosts', 'token', 'id_ed25519', '.gitignore'])(
    'M12: %s as a hard link to another file is refused',
    async (name) => {
      const target = mine();
      mkdirSync(practice());
      linkSync(target, practice(name));
      expect((await start()).why).toContain('hard link');
      untouched(target);
    },
  );

  it('M12: .practice as a link to another folder is refused, and nothing is made there', async () => {
    symlinkSync(home, practice());
    const told = await start();
    expect([told.message, told.why]).toEqual([
      expect.stringContaining('.practice'),
      expect.stringContaining('symbolic link'),
    ]);
    expect(readdirSync(home)).toEqual([]);
  });

  it('M12: a pipe in the place of a file does not make the fleet wait', async () => {
    mkdirSync(practice());
    execFileSync('mkfifo', [practice('token')]);
    expect((await start()).why).toContain('a pipe');
  });

  it.runIf(ROOT)('M12: a folder and a file of another user are refused', async () => {
    mkdirSync(practice());
    writeFileSync(practice('token'), 'theirs\n', { mode: 0o644 });
    chownSync(practice('token'), 1234, 1234);
    expect((await start()).why).toContain('another user');
    rmSync(practice('token'));
    chownSync(practice(), 1234, 1234);
    expect((await start()).why).toContain('another user');
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['text for a key', '{"a": "x"}'],
    [
      'a key that is none',
      '{"a": {"private": "-----BEGIN OPENSSH PRIVATE KEY-----\\nAAAA\\n-----END OPENSSH PRIVATE KEY-----\\n", "public": "ssh-ed25519 AAAA\\n* ssh-rsa EVIL"}}',
    ],
  ])('M12: host keys that are %s are refused in words', async (_, text) => {
    mkdirSync(practice());
    writeFileSync(practice('host_keys.json'), text);
    expect((await start()).message).toContain(practice('host_keys.json'));
    expect(readdirSync(practice())).toEqual(['host_keys.json']);
  });

  it('M12: public keys are made from the private ones, whatever stands beside them', async () => {
    const first = await prepareDirectory(repository, HOSTS);
    const knownHosts = readFileSync(first.knownHosts, 'utf8');
    const keys = JSON.parse(readFileSync(practice('host_keys.json'), 'utf8')) as Record<string, { private: string }>;
    writeFileSync(
      practice('host_keys.json'),
      JSON.stringify({ a: { private: keys['a']?.private, public: 'ssh-ed25519 AAAA\n* ssh-rsa EVIL' } }),
    );
    writeFileSync(practice('id_ed25519.pub'), 'command="evil" ssh-ed25519 AAAA\n');
    await prepareDirectory(repository, HOSTS);
    expect(readFileSync(first.knownHosts, 'utf8')).toBe(knownHosts);
    expect(readFileSync(practice('id_ed25519.pub'), 'utf8')).toMatch(/^ssh-ed25519 \S{68} k3s-ha practice\n$/);
  });

  it('M12: files that a clone left open to others are closed', async () => {
    await prepareDirectory(repository, HOSTS);
    for (const name of ['id_ed25519', 'token']) chmodSync(practice(name), 0o644);
    await prepareDirectory(repository, HOSTS);
    expect(['id_ed25519', 'token'].map((name) => statSync(practice(name)).mode & 0o777)).toEqual([0o600, 0o600]);
  });
});

describe.runIf(UNIX)('C3: a file that a reference names', () => {
  const resolve = (text: string): Promise<Result<string, Problem>> =>
    createCliSecrets({ baseDir: repository, env: {} }).resolve(text);

  it('C3: a link in the folder of the cluster file does not give another file away', async () => {
    symlinkSync(mine('id_ed25519'), join(repository, 'token'));
    const read = await resolve('${file:token}');
    expect(read).toMatchObject({
      ok: false,
      error: {
        code: 'secret-file-outside',
        message: expect.stringContaining(join(repository, 'token')),
        why: expect.stringContaining(join(home, 'id_ed25519')),
      },
    });
    expect(JSON.stringify(read)).not.toContain(MINE.trim());
  });

  it('C3: neither does a folder that is a link, or a link to a link', async () => {
    mine('token');
    symlinkSync(home, join(repository, 'certs'));
    symlinkSync(join('certs', 'token'), join(repository, 'token'));
    for (const path of ['certs/token', './certs/token', 'token'])
      expect(await resolve(`\${file:${path}}`)).toMatchObject({ ok: false, error: { code: 'secret-file-outside' } });
  });

  it('C3: a path that shows that it leads elsewhere is read: the question before named it', async () => {
    mine('token');
    expect(await resolve('${file:../home/token}')).toEqual(ok(MINE.trim()));
  });

  it('C3: a link that stays inside is followed, and so is one that the person wrote with its whole path', async () => {
    writeFileSync(join(repository, 'real'), 'inside\n', { mode: 0o600 });
    symlinkSync('real', join(repository, 'token'));
    symlinkSync(mine(), join(home, 'link'));
    expect(await resolve('${file:token}')).toEqual(ok('inside'));
    expect(await resolve(`\${file:${join(home, 'link')}}`)).toEqual(ok(MINE.trim()));
  });

  it('C3: a repository that is reached through a link is still its own folder', async () => {
    writeFileSync(join(repository, 'token'), 'inside\n', { mode: 0o600 });
    symlinkSync(repository, join(home, 'clusters'));
    expect(await createCliSecrets({ baseDir: join(home, 'clusters'), env: {} }).resolve('${file:token}')).toEqual(
      ok('inside'),
    );
  });

  it('C3: a pipe is refused at once, and so are devices and files without an end', async () => {
    execFileSync('mkfifo', ['-m', '600', join(repository, 'token')]);
    expect(await resolve('${file:token}')).toMatchObject({ ok: false, error: { why: 'It is a pipe, not a file.' } });
    expect(await resolve('${file:/dev/zero}')).toMatchObject({
      ok: false,
      error: { why: 'It is a device, not a file.' },
    });
    writeFileSync(join(repository, 'large'), Buffer.alloc(2 ** 20 + 1, 'x'), { mode: 0o600 });
    expect(await resolve('${file:large}')).toMatchObject({ ok: false, error: { why: 'It is larger than 1 MiB.' } });
  });

  it.runIf(ROOT)('C3: a file that belongs to another user is not used', async () => {
    writeFileSync(join(repository, 'token'), 'theirs\n', { mode: 0o600 });
    chownSync(join(repository, 'token'), 1234, 1234);
    expect(await resolve('${file:token}')).toMatchObject({ ok: false, error: { code: 'secret-file-owner' } });
  });

  it('C3: inside is where a path really leads, also when nothing is there yet', async () => {
    symlinkSync(join(home, 'later'), join(repository, 'out'));
    symlinkSync('later', join(repository, 'in'));
    symlinkSync('circle', join(repository, 'circle'));
    const answers = await Promise.all(
      ['.', 'a/b', 'in', '..x', 'out', 'out/a', '..', '../home', 'circle'].map((path) =>
        isInside(repository, join(repository, path)),
      ),
    );
    expect(answers).toEqual([true, true, true, true, false, false, false, false, false]);
  });

  it('C3: what write-kubeconfig names on a host is never quoted', async () => {
    const document = parseDocument(
      'metadata: {name: edge}\nservers:\n  config: {write-kubeconfig: /etc/shadow}\n  nodes: [{host: 10.0.0.1}]\n',
    );
    for (const text of [
      'root:$6$hash:19000:0:99999:7:::\n',
      'clusters: root:$6$hash\n',
      '- $6$hash\n',
      '"$6$hash',
      'a: &x $6$hash\nb: *$6$hash\n',
    ]) {
      const hosts = { run: async () => ({ kind: 'done', value: text }) } as unknown as RemoteHosts;
      const read = await readKubeconfig(normalise(document.data), hosts);
      expect(read.ok ? '' : formatProblem(read.error)).toMatch(/kubeconfig/);
      expect(JSON.stringify(read)).not.toContain('hash');
    }
  });
});

describe.runIf(UNIX)('C3: what is written beside a cluster file, and below our own state', () => {
  /** Nothing here was chosen by the person, so no link is followed. */
  const files: Files = createFiles({ followLinks: () => false, lockTimeoutMs: 200, lockStaleMs: 1000 });

  it('C3: a link in the place of the separate kubeconfig is refused, and what it leads to stays as it is', async () => {
    const target = mine('authorized_keys');
    const path = join(repository, 'edge.kubeconfig');
    symlinkSync(target, path);
    const saved = await saveKubeconfig(files, path, prepared(), 'overwrite', Date.now());
    expect(saved).toMatchObject({
      ok: false,
      error: {
        code: 'file-refused',
        why: expect.stringContaining('symbolic link'),
        nextSteps: [expect.stringContaining(path)],
      },
    });
    untouched(target);
    expect((await problemOf(files.writeAtomic(path, 'x', 0o600))).why).toContain('symbolic link');
    expect([lstatSync(path).isSymbolicLink(), tree(repository)]).toEqual([true, ['edge.kubeconfig link']]);
  });

  it('C3: a link to a file that does not exist yet does not make that file', async () => {
    symlinkSync(join(home, 'new'), join(repository, 'edge.kubeconfig'));
    await problemOf(files.writeAtomic(join(repository, 'edge.kubeconfig'), 'x', 0o600));
    expect(existsSync(join(home, 'new'))).toBe(false);
  });

  it('C3: a second name of another file is replaced, and the other file keeps its text', async () => {
    const target = mine();
    linkSync(target, join(repository, 'edge.kubeconfig'));
    await files.writeAtomic(join(repository, 'edge.kubeconfig'), 'new', 0o600);
    untouched(target);
  });

  it('C3: a run log never goes through a link, a second name or a pipe', async () => {
    const target = mine('authorized_keys');
    const log = join(folder, 'state', 'run.jsonl');
    mkdirSync(join(folder, 'state'));
    symlinkSync(target, log);
    expect((await problemOf(files.appendLine(log, '{}'))).why).toContain('symbolic link');
    expect((await problemOf(files.read(log))).why).toContain('symbolic link');
    rmSync(log);
    linkSync(target, log);
    expect((await problemOf(files.appendLine(log, '{}'))).why).toContain('hard link');
    rmSync(log);
    execFileSync('mkfifo', [log]);
    expect((await problemOf(files.appendLine(log, '{}'))).why).toContain('a pipe');
    untouched(target);
  });

  it('C3: a lock that is a pipe or a link is neither waited for without end, nor followed, nor quoted', async () => {
    const path = join(repository, 'edge.kubeconfig');
    const old = new Date(Date.now() - 60_000);
    execFileSync('mkfifo', [`${path}.lock`]);
    utimesSync(`${path}.lock`, old, old);
    expect(await problemOf(files.withLock(path, async () => 1))).toMatchObject({
      code: 'file-locked',
      nextSteps: [expect.stringContaining(`delete ${path}.lock`)],
    });
    rmSync(`${path}.lock`);
    symlinkSync(mine('secret', '4711 password-of-mine x\n'), `${path}.lock`);
    expect(JSON.stringify(await problemOf(files.withLock(path, async () => 1)))).not.toContain('password-of-mine');
  });
});

describe('L12: lint --fix', () => {
  const TEXT =
    'apiVersion: k3s-ha/v1\nkind: Cluster\nmetadata: {name: lab}\nk3s: {version: v1.36.3+k3s1}\nloadBalancer: {address: 10.0.0.100}\ndatastore: {type: embedded-etcd}\ntoken: ${secret:t}\nservers:\n  nodes: [{host: 10.0.0.1}, {host: 10.0.0.2}, {host: 10.0.0.3}]\n';
  const write = (name: string, text: string, mode = 0o644): string => {
    const path = join(repository, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  it('L12: replaces the file in one step, keeps its permissions, and leaves nothing beside it', async () => {
    const path = write('cluster.k3s.yaml', TEXT, 0o640);
    linkSync(path, join(home, 'before'));
    expect((await cli(['lint', '--fix', path])).stderr).toContain('Add 10.0.0.100 to tls-san');
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).toEqual([
      expect.stringContaining('tls-san'),
      0o640,
    ]);
    expect(readFileSync(join(home, 'before'), 'utf8')).toBe(TEXT);
    expect(readdirSync(repository)).toEqual(['cluster.k3s.yaml']);
  });

  // The limit on the file size makes write() fail as a full disk does, and needs no root.
  it.runIf(UNIX)('L12: a disk that is full leaves the file as it was, and says so', async () => {
    const text = `${TEXT}${'# a comment that makes the file long\n'.repeat(3000)}`;
    const path = write('cluster.k3s.yaml', text);
    const child = spawn(
      '/bin/sh',
      ['-c', 'ulimit -f 64; trap "" XFSZ; exec "$0" "$@"', process.execPath, 'dist/cli.js', 'lint', '--fix', path],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    expect(await once(child, 'close')).toEqual([12, null]);
    expect(stderr).toContain('What was there before is unchanged');
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(repository)).toEqual(['cluster.k3s.yaml']);
  });

  it('L12: line ends of Windows stay', async () => {
    const path = write('cluster.k3s.yaml', TEXT.replaceAll('\n', '\r\n'));
    await cli(['lint', '--fix', path]);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('tls-san');
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it('L12: a file in another encoding is not damaged, and the others are still mended', async () => {
    const latin = Buffer.from(TEXT.replace('lab}', 'lab} # caf\u00e9'), 'latin1');
    writeFileSync(join(repository, 'a.k3s.yaml'), latin);
    write('b.k3s.yaml', TEXT);
    expect(await cli(['lint', '--fix', repository])).toMatchObject({
      code: 12,
      stderr: expect.stringContaining('a.k3s.yaml is not UTF-8 text'),
    });
    expect(readFileSync(join(repository, 'a.k3s.yaml')).equals(latin)).toBe(true);
    expect(readFileSync(join(repository, 'b.k3s.yaml'), 'utf8')).toContain('tls-san');
  });

  it.runIf(UNIX)(
    'L12: a link to a file elsewhere is refused in words, one to a file beside it is followed',
    async () => {
      const elsewhere = mine('other.yaml', TEXT);
      symlinkSync(elsewhere, join(repository, 'cluster.k3s.yaml'));
      expect(await cli(['lint', '--fix', join(repository, 'cluster.k3s.yaml')])).toMatchObject({
        code: 12,
        stderr: expect.stringContaining('is a symbolic link to a file outside of its folder'),
      });
      expect(readFileSync(elsewhere, 'utf8')).toBe(TEXT);
      rmSync(join(repository, 'cluster.k3s.yaml'));
      write('real.k3s.yaml', TEXT);
      symlinkSync('real.k3s.yaml', join(repository, 'cluster.k3s.yaml'));
      await cli(['lint', '--fix', join(repository, 'cluster.k3s.yaml')]);
      expect(readFileSync(join(repository, 'real.k3s.yaml'), 'utf8')).toContain('tls-san');
      expect(lstatSync(join(repository, 'cluster.k3s.yaml')).isSymbolicLink()).toBe(true);
    },
  );
});

describe('M15: files that are not on disk', () => {
  const uri = (scheme: string): Uri =>
    ({ scheme, path: '/owner/repository/cluster.k3s.yaml', fsPath: '/owner/repository/cluster.k3s.yaml' }) as Uri;

  it.each(['vscode-vfs', 'vscode-test-web', 'git', 'github', 'zip', 'http'])(
    'M15: a path of %s: is no path of this disk, and the words say what to do',
    (scheme) => {
      const file = localFile(uri(scheme), 'Planning');
      if (file.ok) throw new Error(`it counts as ${file.value.path}`);
      expect(formatProblem(file.error)).toBe(
        `cluster.k3s.yaml is not on this computer's disk but in a virtual workspace (${scheme}:), so no machine is contacted\n  Why: Planning uses the keys, secrets and files that belong to a cluster file on disk\n  Next: Open the folder from disk, for example a clone of its repository, and try again there.`,
      );
    },
  );

  it('M15: a file that is not saved yet is to be saved first', () => {
    expect(localFile(uri('untitled'), 'Planning')).toMatchObject({
      ok: false,
      error: { message: 'cluster.k3s.yaml is not saved yet', nextSteps: ['Save the file, then try again.'] },
    });
  });

  it('M15: explorer and status bar say that nothing is contacted, and why', () => {
    const file = localFile(uri('vscode-vfs'), 'Watching a cluster');
    if (file.ok) throw new Error('it counts as a file on disk');
    const document = parseDocument('metadata: {name: edge}\nservers: {nodes: [{host: 10.0.0.1}]}\n');
    const state: ClusterState = {
      uri: uri('vscode-vfs'),
      document,
      ...finish(inspectInSteps(document)),
      live: { kind: 'not-on-disk', problem: file.error },
      planned: new Map(),
      run: new Map(),
    };
    const row = clusterRow(state, 'cluster.k3s.yaml');
    expect(row.description).toBe('not contacted');
    expect(row.spoken).toContain('in a virtual workspace: not contacted');
    expect(row.tooltip.markdown).toContain('Open the folder from disk');
    expect(snapshotOf(state, { expanded: [], chosen: [] }, 1).status).toEqual({});
  });

  it('M15: a file on disk has its path', () => {
    expect(localFile(uri('file'), 'Planning')).toMatchObject({
      ok: true,
      value: { path: '/owner/repository/cluster.k3s.yaml' },
    });
  });
});

describe('C3: settings of a workspace', () => {
  it('C3: an untrusted workspace sets nothing but the levels of the rules', () => {
    const { capabilities } = manifest;
    const settable = Object.entries(SETTINGS)
      .filter(
        ([key, { scope }]) =>
          !['application', 'machine'].includes(scope) &&
          !capabilities.untrustedWorkspaces.restrictedConfigurations.includes(key),
      )
      .map(([key]) => key);
    expect(settable).toEqual(['k3s-ha.rules']);
  });

  it('C3: no workspace, trusted or not, chooses the address that the editor asks for releases', () => {
    expect(SETTINGS['k3s-ha.releases.channelUrl']?.scope).toBe('application');
  });
});
