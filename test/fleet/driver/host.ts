import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { makeCgroups } from './cgroups';
import { addPort, setLink, type Network, type Port } from './network';
import { killAndWait, must, run, until, type RunOptions, type RunResult } from './run';

const BOOT_SCRIPT = resolve(import.meta.dirname, '../rootfs/boot.sh');
const HOST_KEY = '/etc/ssh/ssh_host_ed25519_key';
const BOOT_MS = 90_000;
const SHUTDOWN_MS = 30_000;
/** unshare passes on how the init of a pid namespace ended: SIGHUP for a reboot, SIGINT for a halt. */
const REBOOT = { code: 129, signal: 'SIGHUP' };
/** What the init of a host understands, and where it shows that it has started what users need. */
const INITS = {
  systemd: {
    powerOff: 'RTMIN+4',
    reboot: 'systemctl reboot',
    up: '/run/systemd/system',
    restartSshd: 'systemctl restart ssh',
  },
  openrc: {
    powerOff: 'TERM',
    reboot: 'kill -INT 1',
    up: '/run/openrc/started/ssh',
    restartSshd: 'rc-service ssh restart',
  },
} as const;
const FILLER = '.test-fleet-filler';

export interface FleetHost {
  readonly name: string;
  readonly address: string;
  /** What has booted it. */
  readonly init: keyof typeof INITS;
  /** Public host key as in known_hosts, without the host: `ssh-ed25519 AAAA…`. */
  hostKey(): Promise<string>;
  isOn(): boolean;
  /** Runs a POSIX shell script as root inside the host, entered from outside: works without network and sshd. */
  exec(script: string, options?: ExecOptions): Promise<RunResult>;
  /** As exec, but a status other than 0 is an error; returns standard output. */
  mustExec(script: string, options?: ExecOptions): Promise<string>;
  /** Orderly power-off; resolves when the host is off. */
  shutDown(): Promise<void>;
  /** Pulls the plug: every process dies at once, the disk stays as it is. */
  powerOff(): Promise<void>;
  /** Resolves when users can log in. */
  powerOn(): Promise<void>;
  /** Orderly restart, from within the host; resolves when users can log in again. */
  reboot(): Promise<void>;
  /** Resolves when sshd answers and logins are allowed. */
  waitUntilUp(): Promise<void>;
  /** Differs after every boot; undefined while the host is off. */
  bootId(): Promise<string | undefined>;
  /** Resolves when users can log in after a boot other than `bootId`, for instance when the host rebooted itself. */
  waitForReboot(bootId: string | undefined): Promise<void>;
  cutLink(): Promise<void>;
  healLink(): Promise<void>;
  /** Leaves no free byte in the file system below `path`. What is there stays; until freeDisk it is kept in memory. */
  fillDisk(path: string): Promise<void>;
  /** Ends what fillDisk did, and what a restart of the host has ended already: what is there now goes to the disk. */
  freeDisk(path: string): Promise<void>;
  /** A new identity, as after a reinstallation; returns the new public key. */
  changeHostKey(): Promise<string>;
}

interface ExecOptions extends RunOptions {
  /** Arrive as $1, $2 … */
  readonly args?: readonly string[];
}

/** What a host needs to be made. */
interface HostPlan {
  readonly name: string;
  readonly index: number;
  readonly init: keyof typeof INITS;
  /** Value of overlayfs' lowerdir. */
  readonly lower: string;
  readonly folder: string;
  /** Files to write before the first boot: path in the host → content. */
  readonly files: Readonly<Record<string, string>>;
}

/** Makes a host with its cable, switched off. */
export async function createHost(network: Network, plan: HostPlan): Promise<FleetHost> {
  const port = await addPort(network, plan.index);
  const upper = join(plan.folder, 'upper');
  await mkdir(join(plan.folder, 'work'), { recursive: true });
  await mkdir(join(plan.folder, 'root'));
  const files = { '/etc/hostname': `${plan.name}\n`, ...plan.files };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(upper, path, '..'), { recursive: true, mode: 0o755 });
    await writeFile(join(upper, path), text, { mode: 0o644 });
  }
  await mkdir(join(upper, HOST_KEY, '..'), { recursive: true, mode: 0o755 });
  await chmod(upper, 0o755);
  await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', plan.name, '-f', join(upper, HOST_KEY)]);
  return hostOf(network, port, plan);
}

function hostOf(network: Network, port: Port, plan: HostPlan): FleetHost {
  const init = INITS[plan.init];
  let machine: ChildProcess | undefined;
  let stopping = false;
  let linkCut = false;

  const leader = (): number | undefined => (machine?.pid === undefined ? undefined : childOf(machine.pid));

  function boot(): void {
    stopping = false;
    const cgroups = makeCgroups(network.id, `h${plan.index}`);
    // The machine dies with the test process, and its processes with the machine.
    const child = spawn(
      'setpriv',
      [
        '--pdeathsig',
        'KILL',
        'sh',
        '-c',
        ENTER,
        'boot',
        `/run/netns/${port.namespace}`,
        BOOT_SCRIPT,
        plan.folder,
        plan.lower,
        plan.name,
        ...cgroups,
      ],
      { stdio: 'ignore' },
    );
    machine = child;
    child.on('exit', (code, signal) => {
      if (machine !== child) return;
      machine = undefined;
      if (!stopping && (code === REBOOT.code || signal === REBOOT.signal)) boot();
    });
  }

  async function halt(end: (child: ChildProcess) => Promise<void>): Promise<void> {
    stopping = true;
    const first = leader();
    if (machine !== undefined) await end(machine);
    // The kernel ends the processes of the host one by one; its disk must not be mounted again before the last is gone.
    await until(`${plan.name} is off`, SHUTDOWN_MS, () =>
      machine === undefined && (first === undefined || isGone(first)) ? true : undefined,
    );
    // The namespace outlives the machine and would go on answering pings.
    await setLink(network, port, 'down');
  }

  async function up(): Promise<void> {
    await until(`${plan.name} (${port.address}) lets users log in`, BOOT_MS, async () => {
      const pid = leader();
      if (pid === undefined) return undefined;
      const open = existsSync(`/proc/${pid}/root${init.up}`) && !existsSync(`/proc/${pid}/root/run/nologin`);
      return open && (await answersSsh(port.address)) ? true : undefined;
    });
  }

  async function exec(script: string, { args = [], ...options }: ExecOptions = {}): Promise<RunResult> {
    const pid = leader();
    if (pid === undefined) throw new Error(`${plan.name} is off.`);
    return run(
      'nsenter',
      [
        '-t',
        String(pid),
        '-a',
        'env',
        '-i',
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'HOME=/root',
        'LANG=C.UTF-8',
        'sh',
        '-c',
        script,
        'exec',
        ...args,
      ],
      options,
    );
  }

  async function mustExec(script: string, options: ExecOptions = {}): Promise<string> {
    const result = await exec(script, options);
    if (result.code !== 0)
      throw new Error(
        `On ${plan.name}, status ${result.code}: ${result.stderr.trim() || result.stdout.trim()}\n${script}`,
      );
    return result.stdout;
  }

  const bootId = async (): Promise<string | undefined> => {
    if (leader() === undefined) return undefined;
    const { code, stdout } = await exec('cat /proc/sys/kernel/random/boot_id').catch(() => ({ code: 1, stdout: '' }));
    return code === 0 && stdout !== '' ? stdout.trim() : undefined;
  };

  async function waitForReboot(before: string | undefined): Promise<void> {
    await until(`${plan.name} has restarted`, BOOT_MS, async () => {
      const now = await bootId();
      return now !== undefined && now !== before ? true : undefined;
    });
    await up();
  }

  const hostKey = async (): Promise<string> => {
    const text =
      machine === undefined
        ? readFileSync(join(plan.folder, 'upper', `${HOST_KEY}.pub`), 'utf8')
        : await mustExec(`cat ${HOST_KEY}.pub`);
    return text.split(' ').slice(0, 2).join(' ').trim();
  };

  return {
    name: plan.name,
    init: plan.init,
    address: port.address,
    hostKey,
    exec,
    mustExec,
    isOn: () => machine !== undefined,
    shutDown: () =>
      halt(async () => {
        const pid = leader();
        if (pid !== undefined) await run('bash', ['-c', 'kill -s "$1" "$2"', 'kill', init.powerOff, String(pid)]);
      }),
    powerOff: () => halt(killAndWait),
    powerOn: async () => {
      if (machine === undefined) {
        if (!linkCut) await setLink(network, port, 'up');
        boot();
      }
      await up();
    },
    reboot: async () => {
      const before = await bootId();
      await exec(init.reboot);
      await waitForReboot(before);
    },
    waitUntilUp: up,
    bootId,
    waitForReboot,
    cutLink: () => {
      linkCut = true;
      return setLink(network, port, 'down');
    },
    healLink: async () => {
      linkCut = false;
      if (machine !== undefined) await setLink(network, port, 'up');
    },
    fillDisk: async (path) => void (await mustExec(FILL, { args: [path, FILLER] })),
    freeDisk: async (path) => void (await mustExec(FREE, { args: [path, FILLER] })),
    changeHostKey: async () => {
      await mustExec(
        `rm -f ${HOST_KEY} ${HOST_KEY}.pub && ssh-keygen -q -t ed25519 -N '' -f ${HOST_KEY} && ${init.restartSshd}`,
      ); // unlike reload, it returns when sshd listens again
      return hostKey();
    },
  };
}

/** Joins the cgroups, then becomes unshare; --kill-child ends the whole host when unshare dies. */
const ENTER = `net=$1 boot=$2 folder=$3 lower=$4 name=$5
shift 5
for procs; do echo $$ > "$procs" || exit 1; done
exec nsenter --net="$net" unshare -m -u -i -p -C -f --kill-child "$boot" "$folder" "$lower" "$name" > "$folder/boot.log" 2>&1`;

/** A memory file system with the old content and a filler that takes the rest. cp preserves modes and owners. */
const FILL = `set -e
mkdir -p "$1"
new=$(mktemp -d /run/fill.XXXXXX)
mount -t tmpfs -o "size=$(( $(du -sk "$1" | cut -f1) + 512 ))k,mode=$(stat -c %a "$1")" tmpfs "$new"
cp -a "$1/." "$new/"
mount --bind "$new" "$1"
umount "$new"
rmdir "$new"
dd if=/dev/zero of="$1/$2" bs=4k 2> /dev/null || true`;

/** The disk lies below the memory file system; a bind mount of the root shows it. */
const FREE = `set -e
mountpoint -q "$1" || exit 0
rm -f "$1/$2"
disk=$(mktemp -d /run/free.XXXXXX)
mount --bind / "$disk"
find "$disk$1" -mindepth 1 -maxdepth 1 -exec rm -rf {} +
cp -a "$1/." "$disk$1/"
umount "$disk"
rmdir "$disk"
umount -l "$1"`;

function childOf(pid: number): number | undefined {
  try {
    const first = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0];
    return first === undefined || first === '' ? undefined : Number(first);
  } catch {
    return undefined;
  }
}

function isGone(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}

function answersSsh(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 500 });
    const end = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('data', (data) => end(data.toString('latin1').startsWith('SSH-')));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
    socket.once('close', () => end(false));
  });
}
