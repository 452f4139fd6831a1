import { createHash } from 'node:crypto';
import { PLACED_PATH } from '../../core/k3s/paths';
import type { HostFile } from '../machine/files';
import type { PracticeHost } from '../machine/host';
import type { K3sBinary } from '../k3s/program';
import { fail, type Command, type CommandRun } from './command';

const NO_SPACE = 'No space left on device';

/** read-file: path. */
export const readFileCommand: Command = (run) => {
  const [path = ''] = run.args;
  const file = run.host.files.get(path);
  if (file === undefined) return fail(run, `${path} does not exist`, 2);
  if (!run.host.files.readable(path, run.user)) return fail(run, `cat: ${path}: Permission denied`);
  if (file.bytes !== undefined)
    return fail(run, `${path}: this host is simulated and kept only the sha256 of this file`);
  run.out(file.content);
  return 0;
};

/** file-sha256: path. */
export const fileSha256Command: Command = (run) => {
  const [path = ''] = run.args;
  const { files } = run.host;
  if (files.hasFolder(path)) return fail(run, `${path} is a folder`);
  const file = files.get(path);
  if (file === undefined) run.out('absent\n');
  else if (!files.readable(path, run.user)) return fail(run, `sh: 1: cannot open ${path}: Permission denied`);
  else run.out(`${fileSum(file)} ${file.mode.toString(8)}\n`);
  return 0;
};

/** upload-file: path, mode, number of bytes, sha256 or nothing, owner or nothing, `restart` or `live` for what is placed. Keeps what is text and not large, and what is known of the rest. */
export const uploadFileCommand: Command = async (run) => {
  const [path = '', mode = '', bytes = '', wanted = '', owner = '', when = ''] = run.args;
  const { host, user } = run;
  const refusal = refuse(run, path, Number(bytes));
  if (refusal !== undefined) return fail(run, refusal);
  const arrived = await receive(run);
  if (host.diskFull && arrived.size > 0) return fail(run, noSpace('cat'));
  if (arrived.size !== Number(bytes)) return fail(run, `${arrived.size} bytes arrived instead of ${bytes}`);
  if (wanted !== '' && arrived.sha256 !== wanted)
    return fail(run, `the bytes that arrived have the sha256 ${arrived.sha256} instead of ${wanted}`);
  if (!/^[0-7]{3,4}$/.test(mode)) return fail(run, `chmod: invalid mode: '${mode}'`);
  const { size, sha256: hash, text, data, release } = arrived;
  if (when !== '') rememberPlaced(host, `${hash} ${when} ${path}`);
  host.files.write(path, text ?? '', {
    mode: Number.parseInt(mode, 8),
    owner: owner === '' ? user : (owner.split(':')[0] ?? user),
    ...(text === undefined ? { bytes: { size, sha256: hash, ...(data === undefined ? {} : { data }) } } : {}),
    ...(path.endsWith('/k3s') && release !== undefined ? { meaning: { version: release } satisfies K3sBinary } : {}),
  });
  return 0;
};

/** discard-file: path, sha256. */
export const discardFileCommand: Command = (run) => {
  const [path = '', sha256] = run.args;
  const file = run.host.files.get(path);
  if (file !== undefined && fileSum(file) === sha256) run.host.files.remove(path);
  return 0;
};

/** remove-placed: path. */
export const removePlacedCommand: Command = (run) => {
  const [path = ''] = run.args;
  const { host, user } = run;
  const record = host.files.get(PLACED_PATH)?.content ?? '';
  if (user !== 'root' || record === '') return fail(run, `sh: 1: cannot open ${PLACED_PATH}: No such file`, 2);
  const lines = record.trim().split('\n');
  const own = lines.filter((line) => line.endsWith(` ${path}`));
  const file = host.files.get(path);
  const unchanged = file !== undefined && own.some((line) => line.startsWith(`${fileSum(file)} `));
  if (unchanged) host.files.remove(path);
  host.files.write(
    PLACED_PATH,
    lines
      .filter((line) => !own.includes(line))
      .map((line) => `${line}\n`)
      .join(''),
    {
      mode: 0o600,
    },
  );
  run.out(`${file === undefined && !host.files.hasFolder(path) ? 'absent' : unchanged ? 'removed' : 'changed'}\n`);
  return 0;
};

/** Adds a line to the record of what was placed on a host. */
export function rememberPlaced(host: PracticeHost, line: string): void {
  const before = (host.files.get(PLACED_PATH)?.content ?? '').split('\n').filter((known) => known !== '');
  const lines = [...new Set([...before, line])].sort();
  host.files.write(PLACED_PATH, lines.map((known) => `${known}\n`).join(''), { mode: 0o600 });
}

/** sha256 of a file, whether its content was kept or not. */
export function fileSum(file: HostFile): string {
  return file.bytes?.sha256 ?? sha256(file.content);
}

/** Why nothing is read at all, in the words of the script. */
function refuse({ host, user }: CommandRun, path: string, size: number): string | undefined {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  if (host.files.hasFolder(path)) return `${path} is a folder`;
  if (!host.files.writable(path, user))
    return host.files.hasFolder(folder)
      ? `mktemp: failed to create file via template '${folder}/.k3s-ha.XXXXXX': Permission denied`
      : `mkdir: cannot create directory '${folder}': Permission denied`;
  const free = freeKiB(host);
  return size >= 2 ** 20 && size / 1024 >= free
    ? `${NO_SPACE}: ${folder} has ${Math.floor(free / 1024)} MiB free, and ${Math.floor(size / 2 ** 20)} MiB are needed`
    : undefined;
}

/** Content is kept up to this size. */
const KEPT = 1024 * 1024;

/** Followed by something else, so that none is read that has only begun to arrive. */
const RELEASE = /v1\.\d+\.\d+\+k3s\d+(?=\D)/;
const LONGEST_RELEASE = 40;

interface Arrived {
  readonly size: number;
  readonly sha256: string;
  /** The content, if it is text and not large. */
  readonly text?: string;
  /** What is no text, if it is not large, such as a snapshot. */
  readonly data?: Buffer;
  /** The first release of K3s that it names: a binary names its own. */
  readonly release?: string;
}

async function receive(run: CommandRun): Promise<Arrived> {
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let size = 0;
  let release: string | undefined;
  let end = '';
  for await (const piece of run.stdin.pieces()) {
    hash.update(piece);
    if (release === undefined) {
      const words = end + piece.toString('latin1');
      release = RELEASE.exec(words)?.[0];
      end = words.slice(-LONGEST_RELEASE);
    }
    size += piece.length;
    if (size <= KEPT) kept.push(piece);
  }
  const content = size <= KEPT ? Buffer.concat(kept) : undefined;
  const text = content?.toString('utf8');
  const isText = text !== undefined && content?.equals(Buffer.from(text)) === true;
  return {
    size,
    sha256: hash.digest('hex'),
    ...(isText ? { text } : content === undefined ? {} : { data: content }),
    ...(release === undefined ? {} : { release }),
  };
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Room on the disk, as `df` tells it. */
function freeKiB(host: PracticeHost): number {
  return host.diskFull ? 0 : host.diskFreeKiB;
}

/** What a write to a full disk ends with. */
export function noSpace(command: string): string {
  return `${command}: write error: ${NO_SPACE}`;
}
