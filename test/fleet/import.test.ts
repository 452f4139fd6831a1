import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startByHand } from './byHand';
import { startFleet, type Fleet } from './driver/fleet';
import { fleetSkipReason } from './driver/requirements';
import { startMariadb } from './driver/services';
import { tracesBefore, tracesOf } from './traces';

const CLI = resolve(import.meta.dirname, '../../dist/cli.js');
const TOKEN = 'a-long-enough-secret';
const DATABASE = { name: 'k3s', user: 'ksd', password: 'p@ss/word' };

/** How somebody installed one server: words and variables of the install script, and files of /etc/rancher/k3s. */
interface Way {
  readonly words: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

describe.skipIf(fleetSkipReason() !== undefined)('clusters that were installed by hand', () => {
  let fleet: Fleet;
  let folder: string;
  const ways: Record<string, Way> = {
    flags: { words: `server --cluster-init --token ${TOKEN} --tls-san k3s.example.net --node-label disk=ssd` },
    variables: { words: 'server', variables: { K3S_TOKEN: TOKEN, K3S_CLUSTER_INIT: 'true', K3S_NODE_NAME: 'alpha' } },
    files: {
      words: 'server',
      files: {
        'config.yaml': `token: ${TOKEN}\ncluster-init: true\ntls-san: [a.example.net]\n`,
        'config.yaml.d/10-site.yaml': 'tls-san+: [b.example.net]\n',
      },
    },
    folder: { words: 'server --cluster-init --data-dir=/srv/k3s' },
    database: { words: 'server' },
    openrc: { words: `server --cluster-init --token ${TOKEN}`, variables: { K3S_NODE_NAME: 'pi' } },
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'k3s-ha-import-'));
    const plain = [...Object.keys(ways), 'agent'].map((name) => ({
      name,
      ...(name === 'openrc' ? { init: 'openrc' as const } : {}),
    }));
    fleet = await startFleet({ hosts: [...plain, { name: 'db', services: true }] });
    mkdirSync(join(folder, '.ssh'), { mode: 0o700 });
    writeFileSync(join(folder, '.ssh', 'known_hosts'), await fleet.knownHosts());
    const endpoint = await startMariadb(fleet.host('db'), DATABASE);
    ways['database'] = { words: 'server', variables: { K3S_DATASTORE_ENDPOINT: endpoint, K3S_TOKEN: TOKEN } };
  });

  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
    expect(await fleet?.leftovers()).toEqual([]);
  });

  async function install(name: string, role: 'server' | 'agent', way: Way): Promise<void> {
    const { words, variables = {}, files = {} } = way;
    for (const [file, text] of Object.entries(files)) {
      const write = 'mkdir -p "$(dirname "$1")"; umask 077; cat > "$1"';
      await fleet.host(name).mustExec(write, { args: [`/etc/rancher/k3s/${file}`], stdin: text });
    }
    const given = Object.entries(variables).map(([key, value]) => `${key}='${value}'`);
    const command = `curl -sfL https://get.k3s.io | env INSTALL_K3S_SKIP_START=true ${given.join(' ')} sh -s - ${words}`;
    expect(await fleet.ssh(name, 'root', command), name).toMatchObject({ code: 0 });
    await startByHand(fleet, name, role);
  }

  /** `k3s-ha import` as somebody runs it who has logged in to these hosts before. */
  async function imported(name: string): Promise<{ code: number | null; file: string; told: string }> {
    const login = ['--user', 'auto', '--identity', fleet.identityFile, '--name', 'mine'];
    const child = spawn(process.execPath, [CLI, 'import', '--host', fleet.host(name).address, ...login], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [file, told] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (file += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
    const code = await new Promise<number | null>((done) => child.once('close', done));
    return { code, file, told };
  }

  it.each(Object.keys(ways))('by %s have a file with which there is nothing to do', async (name) => {
    await install(name, 'server', ways[name] as Way);
    if (name === 'flags') {
      const url = `https://${fleet.host(name).address}:6443`;
      await install('agent', 'agent', { words: 'agent', variables: { K3S_URL: url, K3S_TOKEN: TOKEN } });
    }
    const host = fleet.host(name);
    const before = await tracesBefore([host]);
    const { code, file, told } = await imported(name);
    expect(await tracesOf([host])).toEqual(before);
    expect([code, told]).toEqual([0, expect.stringContaining('Nothing to do')]);
    expect(`${file}${told}`).not.toMatch(/a-long-enough-secret|p@ss|p%40ss/);
    expect(file).toContain('token: ${secret:mine-token}');
    const says: Readonly<Record<string, string>> = {
      flags: 'name: agent\n',
      variables: 'name: alpha\n',
      files: 'tls-san:\n      - a.example.net\n      - b.example.net\n',
      folder: 'data-dir: /srv/k3s\n',
      database: 'type: mysql\n',
      openrc: 'name: pi\n',
    };
    expect(file).toContain(says[name]);
  });
});
