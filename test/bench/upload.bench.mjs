import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { fromSource } from './source.mjs';

export const name = 'upload of 600 MB to a real sshd of this machine';

const BYTES = 600e6;
/** A busy machine slows single runs down: both ways are measured in turns, and what ran one after the other is compared. */
const TURNS = 5;
const SSHD = '/usr/sbin/sshd';

/** Throughput of `upload-file`, sha256 and fsync on the host included, against scp to the same sshd, each with its own choice of ciphers. */
export async function run() {
  if (!existsSync(SSHD)) return [{ what: 'not measured', value: '', unit: '', note: `${SSHD} is missing` }];
  const lib = await fromSource(
    'upload',
    `
    export { createSshHosts } from './src/adapters/ssh/hosts';
    export { artifactFolder } from './src/adapters/files/artifacts';
    export { agreedDoor } from './test/support/agreedDoor';
    export { uploadFile } from './src/core/remote/upload';`,
  );
  // In memory where that is possible: the disk is the same for both, and hides what is compared.
  const home = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'k3s-ha-bench-'));
  const sshd = await startSshd(home);
  const hosts = createHosts(lib, home);
  try {
    const file = path.join(home, 'archive');
    writeFileSync(file, Buffer.alloc(BYTES, 'k3s '));
    const artifact = await lib.artifactFolder({ baseDir: '/', homeDir: '/' }).open(file);
    if (!artifact.ok) throw new Error(artifact.error.message);
    const send = async (command) => {
      const outcome = await hosts.run(
        { id: 'server-1', host: '127.0.0.1', ssh: { port: sshd.port, identityFiles: ['mine'] } },
        { ...command, sudo: false },
      );
      if (outcome.kind !== 'done') throw new Error(`${outcome.problem.message} ${outcome.problem.why ?? ''}`);
    };
    const upload = lib.uploadFile(path.join(home, 'ours'), '0600', artifact.value);
    const unchecked = { ...upload, script: { id: 'cat', text: 'cat > "$1"' } };
    const options = ['UserKnownHostsFile', 'IdentityFile'].map(
      (option, i) => `${option}=${path.join(home, ['.ssh/known_hosts', 'mine'][i])}`,
    );
    const scp = () =>
      promisify(execFile)('scp', [
        ...['-q', '-F', 'none', '-P', String(sshd.port)],
        ...options.flatMap((option) => ['-o', option]),
        file,
        `127.0.0.1:${path.join(home, 'theirs')}`,
      ]);
    const checkedScp = async () => {
      await scp();
      await promisify(execFile)('ssh', [
        ...['-F', 'none', '-p', String(sshd.port)],
        ...options.flatMap((option) => ['-o', option]),
        '127.0.0.1',
        `f=${path.join(home, 'theirs')}; openssl dgst -sha256 -r "$f" && sync "$f"`,
      ]);
    };
    const times = { scp: [], unchecked: [], upload: [], checkedScp: [] };
    await send(unchecked); // logs in, and compiles
    for (let turn = 0; turn < TURNS; turn++) {
      times.scp.push(await seconds(scp));
      times.unchecked.push(await seconds(() => send(unchecked)));
      times.upload.push(await seconds(() => send(upload)));
      times.checkedScp.push(await seconds(checkedScp));
    }
    if (statSync(path.join(home, 'ours')).size !== statSync(path.join(home, 'theirs')).size) throw new Error('cut off');
    const alone = await roundTrips(send, async () => undefined);
    const beside = await roundTrips(send, () => send(upload));
    const rate = (time) => (BYTES / 1e6 / time).toFixed(0);
    const row = (what, list, note) => ({
      what,
      value: rate(median(list)),
      unit: 'MB/s',
      note: `${rate(Math.max(...list))} to ${rate(Math.min(...list))} in ${TURNS} runs, ${note}`,
    });
    const answers95 = (what, list, note) => ({
      what,
      value: list[Math.floor(list.length * 0.95)].toFixed(0),
      unit: 'ms',
      note: `95 of 100 are quicker, half of them than ${list[list.length >> 1].toFixed(0)} ms (${list.length} runs), ${note}`,
    });
    const share = (what, list, note, of = times.scp) => ({
      what,
      value: (100 * median(of.map((time, turn) => time / list[turn]))).toFixed(0),
      unit: '%',
      note,
    });
    return [
      row('scp', times.scp, 'login included'),
      row('bytes to a file', times.unchecked, 'as scp does it: neither checked nor flushed'),
      row('upload-file', times.upload, 'sha256 and fsync on the host included'),
      row('scp, then ssh for sha256 and fsync', times.checkedScp, 'what upload-file does in one go'),
      answers95('a small command alone', alone, 'on the same connection'),
      answers95('a small command beside an upload', beside, 'on the same connection; wanted: 250 or less'),
      share('bytes to a file, of scp', times.unchecked, 'wanted: 80 or more'),
      share('upload-file, of scp', times.upload, 'scp does not look at what arrived'),
      share('upload-file, of scp with the same checks', times.upload, 'wanted: 80 or more', times.checkedScp),
    ];
  } finally {
    await hosts.dispose();
    await sshd.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** How long a command takes that does nothing, one after the other, sorted: at least twenty, and as long as something else goes on. */
async function roundTrips(send, beside) {
  const small = {
    script: { id: 'true', text: 'true' },
    args: [],
    secrets: [],
    timeoutMs: 60_000,
    parse: () => ({ ok: true }),
  };
  let isOver = false;
  const other = beside().finally(() => (isOver = true));
  const times = [];
  while (!isOver || times.length < 20) times.push(1000 * (await seconds(() => send(small))));
  await other;
  return times.sort((a, b) => a - b);
}

async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}

function createHosts(lib, home) {
  const quiet = () => undefined;
  return lib.createSshHosts({
    secrets: lib.agreedDoor({ resolve: async (text) => ({ ok: true, value: text }) }),
    prompter: { confirmHostKey: async () => 'reject', askSecret: async () => undefined },
    log: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
    baseDir: home,
    homeDir: home,
    env: { PATH: process.env.PATH, HOME: home },
  });
}

async function startSshd(home) {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  mkdirSync(path.join(home, '.ssh'), { mode: 0o700 });
  for (const key of ['mine', 'host'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(home, key)]);
  const port = await freePort();
  const config = path.join(home, 'sshd.conf');
  writeFileSync(
    config,
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${path.join(home, 'host')}
PidFile none
AuthorizedKeysFile ${path.join(home, 'mine.pub')}
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
Subsystem sftp internal-sftp
`,
  );
  const key = readFileSync(path.join(home, 'host.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(path.join(home, '.ssh', 'known_hosts'), `[127.0.0.1]:${port} ${key}\n`);
  const child = spawn(SSHD, ['-D', '-e', '-f', config], { stdio: 'ignore' });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  while (!(await answers(port))) if (child.exitCode !== null) throw new Error('sshd does not start');
  return {
    port,
    stop() {
      child.kill();
      return gone;
    },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function answers(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
