import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { shownUrl } from '../../core/cluster/installScript';
import { binaryName, checksumsName, downloadUrl, readChecksums } from '../../core/k3s/releaseFiles';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { ReleaseFiles, WantedBinary } from '../../engine/ports';
import { artifactFolder } from '../files/artifacts';
import { readPlainFile } from '../files/plainFile';
import { causeOf, follow, Refused, type FollowWords } from './follow';

export interface ReleaseFilesDependencies {
  /** Folder of the person's own in which binaries are kept. */
  readonly folder: string;
  readonly fetch: typeof globalThis.fetch;
  /** Longest time without a single byte, in milliseconds. */
  readonly silenceMs?: number;
}

const SILENCE_MS = 20_000;
const LONGEST_LIST = 64 * 1024;
/** Several times as large as the binary of any release. */
const LARGEST_BINARY = 400e6;
/** What a download that was cut off has left; nothing takes longer. */
const STALE_MS = 24 * 3_600_000;

/**
 * Gets a binary once over https, checks it against the sha256 file of its release, and keeps both: releases do not change.
 * What another address gave for the same release is kept apart, so that no cluster file decides what another one gets.
 */
export function createReleaseFiles({ folder, fetch, silenceMs = SILENCE_MS }: ReleaseFilesDependencies): ReleaseFiles {
  /** What is at an address, piece by piece, ended when nothing comes any more. */
  async function* download(
    url: string,
    signal: AbortSignal | undefined,
    onReceived: WantedBinary['onReceived'] = () => undefined,
  ): AsyncGenerator<Uint8Array, void> {
    const silence = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    const heard = (): void => {
      clearTimeout(timer);
      const late = new Error(`nothing came for ${silenceMs / 1000} seconds`);
      timer = setTimeout(() => silence.abort(late), silenceMs);
    };
    const either = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
    heard();
    try {
      const { response } = await follow(url, { pinned: false, signal: either, fetch, words: wordsOf(url) });
      // What is packed on its way has another length when it is here.
      const packed = response.headers.get('content-encoding') !== null;
      const size = packed ? undefined : Number(response.headers.get('content-length')) || undefined;
      let bytes = 0;
      for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        heard();
        bytes += piece.length;
        onReceived(bytes, size);
        yield piece;
      }
    } catch (error) {
      if (error instanceof Refused) throw error;
      throw new Refused(unreachable(url, causeOf(silence.signal.aborted ? silence.signal.reason : error)));
    } finally {
      clearTimeout(timer);
    }
  }

  async function listText(url: string, path: string, signal: AbortSignal | undefined): Promise<string> {
    const kept = await readPlainFile(path, { links: 'refuse', own: true }, LONGEST_LIST);
    if (kept.ok && kept.value !== undefined) return kept.value;
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of download(url, signal)) {
      size += piece.length;
      if (size > LONGEST_LIST) throw new Refused(unusable(url, 'It is larger than the sha256 file of any release.'));
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString('utf8');
  }

  async function getBinary({ version, architecture, from, signal, onReceived }: WantedBinary): Promise<ByteInput> {
    const own = join(folder, hash(from).slice(0, 16), version.replaceAll(/[^\w.+-]/g, '_'));
    await mkdir(own, { recursive: true, mode: 0o700 });
    const [name, listName] = [binaryName(architecture), checksumsName(architecture)];
    const [url, listUrl] = [name, listName].map((file) => downloadUrl(version, file, from)) as [string, string];
    const text = await listText(listUrl, join(own, listName), signal);
    const sha256 = readChecksums(text).get(name);
    if (sha256 === undefined) throw new Refused(unusable(listUrl, `It has no line for ${name}.`));
    const artifacts = artifactFolder({ baseDir: own, homeDir: own });
    const kept = await artifacts.open(`./${name}`);
    if (kept.ok && kept.value.sha256 === sha256) return kept.value;
    await removeStale(own);
    const part = join(own, `.${name}.${randomBytes(4).toString('hex')}`);
    try {
      await save(download(url, signal, onReceived), part, url, sha256);
      // The list is kept only with a binary that it is true of.
      await writeFile(join(own, listName), text, { mode: 0o600 });
      await rename(part, join(own, name));
    } finally {
      await rm(part, { force: true });
    }
    const saved = await artifacts.open(`./${name}`);
    if (!saved.ok) throw new Refused(saved.error);
    return saved.value;
  }

  return {
    async binary(wanted): Promise<Result<ByteInput, Problem>> {
      try {
        return ok(await getBinary(wanted));
      } catch (error) {
        if (error instanceof Refused) return err(error.problem);
        const why = error instanceof Error ? error.message : String(error);
        return err(
          problem('release-not-kept', `K3s ${wanted.version} could not be kept in ${folder}`, {
            why,
            nextSteps: ['Make room on the disk of this computer, or look at the permissions of that folder.'],
          }),
        );
      }
    },
  };
}

async function save(pieces: AsyncIterable<Uint8Array>, path: string, url: string, wanted: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    const sum = createHash('sha256');
    let size = 0;
    for await (const piece of pieces) {
      size += piece.length;
      if (size > LARGEST_BINARY) throw new Refused(unusable(url, 'It is larger than the binary of any release.'));
      sum.update(piece);
      await file.writeFile(piece);
    }
    const sha256 = sum.digest('hex');
    if (sha256 !== wanted)
      throw new Refused(
        unusable(url, `It has the sha256 ${sha256}, and the sha256 file of the release says ${wanted}.`),
      );
    await file.sync();
  } finally {
    await file.close();
  }
}

async function removeStale(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/^\.[\w-]+\.[0-9a-f]{8}$/.test(name)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > STALE_MS) await rm(join(folder, name), { force: true });
  }
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function wordsOf(url: string): FollowWords {
  return {
    unreachable: (why) => unreachable(url, why),
    unencrypted: (message) =>
      problem('release-not-encrypted', message, {
        why: 'K3s runs as root on the hosts, and anyone on its way could change it.',
        nextSteps: ['Write an https address under k3s.install.env: INSTALL_K3S_ARTIFACT_URL.'],
      }),
  };
}

function unreachable(url: string, why: string): Problem {
  return problem('release-unreachable', `This computer cannot get ${shownUrl(url)}`, {
    why,
    nextSteps: [
      'Check k3s.version, and give this computer a way to the address (HTTPS_PROXY, or INSTALL_K3S_ARTIFACT_URL under k3s.install.env).',
      'If only the hosts have a way to it, write binary: download.',
    ],
  });
}

function unusable(url: string, why: string): Problem {
  return problem('release-unusable', `What ${shownUrl(url)} gives is not used`, {
    why,
    nextSteps: ['Try again; if it stays so, look at where the release comes from.'],
  });
}
