import { say } from '../../core/base/say';
import type { Path } from '../../core/base/path';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { Cluster } from '../../core/cluster/cluster';
import {
  ARCHITECTURES,
  binaryName,
  checksumsName,
  downloadUrl,
  IMAGES_LIST,
  imagesNames,
  isImageArchive,
  isReleaseArchive,
  isReleaseBundle,
  readChecksums,
  readImagesList,
  type Architecture,
} from '../../core/k3s/releaseFiles';
import type { ByteInput } from '../../core/remote/remoteCommand';
import type { ArtifactFolder, Artifacts } from '../ports';
import { fault, type Fault } from './fault';

/** A file of the folder that hosts get. */
export interface AirgapFile {
  readonly name: string;
  /** The path by which the cluster file would name it. */
  readonly from: string;
  readonly input: ByteInput;
}

/** What the folder has for hosts of one architecture, checked against its sha256 file. */
export interface AirgapRelease {
  readonly binary: AirgapFile;
  /** Archives of images: those of K3s first, then those of add-ons. */
  readonly images: readonly AirgapFile[];
  /** Names of the images of K3s, by their list or else by their archive. */
  readonly listed: readonly string[];
  /** Why nobody knows these names, although their archive is there; a sentence. */
  readonly untold?: string;
  /** Archives of K3s that the sha256 file does not name, so that nobody knows whether they are whole. */
  readonly unsummed: readonly string[];
}

/** The folder of `k3s.install.artifacts`, or the archive in its place, as it was read for a plan. */
export interface AirgapFolder {
  /** `k3s.install.artifacts (line 9)` */
  readonly asked: string;
  readonly folder: string;
  /** By architecture, of each of which something is there: its files, or why they cannot be used. */
  readonly releases: ReadonlyMap<Architecture, Result<AirgapRelease, Fault>>;
  /** The install script of an archive: its text, or why it cannot be used. In a folder it is a file like any other. */
  readonly script?: Result<string, Fault>;
}

const PATH: Path = ['k3s', 'install', 'artifacts'];

export interface AirgapDependencies {
  readonly artifacts: Artifacts;
  readonly lineOf: (path: Path) => number | undefined;
}

/**
 * Reads the folder once, to the last byte of every file that some host may get. Undefined without an air gap. The problem
 * is that of a folder that cannot be read at all.
 */
export async function readAirgapFolder(
  { k3s }: Pick<Cluster, 'k3s'>,
  { artifacts, lineOf }: AirgapDependencies,
): Promise<Result<AirgapFolder, Problem> | undefined> {
  const { method, artifacts: written } = k3s.install;
  if (method !== 'airgap' || written === undefined) return undefined;
  const folder = written.replace(/(?<=.)[/\\]+$/, '');
  const line = lineOf(PATH);
  const asked = `k3s.install.artifacts${line === undefined ? '' : say` (line ${line})`}`;
  const isBundle = isReleaseBundle(folder);
  const bundle = isBundle ? await artifacts.archive(folder) : undefined;
  if (bundle?.ok === false) return err(unusable(say`${asked} names ${folder}`, bundle.error));
  const files = bundle?.value ?? artifacts;
  const top = await files.list(`${folder}/*`);
  const releases = new Map<Architecture, Result<AirgapRelease, Fault>>();
  let hasFolders = false;
  for (const architecture of ARCHITECTURES) {
    const own = await files.list(`${folder}/${architecture}/*`);
    hasFolders ||= own.ok && own.value.length > 0;
    const paths = [...(own.ok ? own.value : []), ...(top.ok ? top.value : [])];
    const named = new Map([...paths].reverse().map((path) => [nameOf(path), path]));
    const names = [binaryName(architecture), checksumsName(architecture), ...imagesNames(architecture)];
    if (!names.some((name) => named.has(name))) continue;
    releases.set(architecture, await readRelease(architecture, named, k3s.version, { files, artifacts }));
  }
  if (!top.ok && !hasFolders) return err(unreadable(say`${asked} names ${folder}`, top.error));
  if (!isBundle) return ok({ asked, folder, releases });
  return ok({ asked, folder, releases, script: await readScript(`${folder}/install.sh`, files) });
}

async function readRelease(
  architecture: Architecture,
  named: ReadonlyMap<string, string>,
  version: string | undefined,
  { files, artifacts }: { readonly files: ArtifactFolder; readonly artifacts: Artifacts },
): Promise<Result<AirgapRelease, Fault>> {
  const missing = (name: string, why: string): Result<never, Fault> => {
    const url = version === undefined ? say`its release` : downloadUrl(version, name);
    return err(fault(say`It has no ${name}${why}.`, say`Download ${name} from ${url} into it.`));
  };
  const checksumsPath = named.get(checksumsName(architecture));
  if (checksumsPath === undefined)
    return missing(checksumsName(architecture), say`, which tells whether the other files are whole`);
  const checksums = await readText(checksumsPath, files);
  if (!checksums.ok) return checksums;
  const sums = readChecksums(checksums.value);

  const take = async (name: string, path: string): Promise<Result<AirgapFile, Fault>> => {
    const opened = await files.open(path);
    if (!opened.ok) return err(asFault(opened.error));
    const wanted = sums.get(name);
    const { sha256 } = opened.value;
    if (wanted !== undefined && wanted !== sha256)
      return err(
        fault(
          say`${path} has the sha256 ${sha256}, and ${checksumsPath} says ${wanted}.`,
          say`Download ${name} and ${checksumsName(architecture)} again, both of the same release.`,
        ),
      );
    return ok({ name, from: path, input: opened.value });
  };

  const binaryPath = named.get(binaryName(architecture));
  if (binaryPath === undefined) return missing(binaryName(architecture), say`, the program itself`);
  if (!sums.has(binaryName(architecture)))
    return err(
      fault(
        say`${checksumsPath} has no line for ${binaryName(architecture)}.`,
        say`Take ${checksumsName(architecture)} from the release as it is.`,
      ),
    );
  const binary = await take(binaryName(architecture), binaryPath);
  if (!binary.ok) return binary;
  const own = imagesNames(architecture).find((name) => named.has(name));
  const addOns = [...named.keys()].filter((name) => isImageArchive(name) && !isReleaseArchive(name)).sort();
  const images: AirgapFile[] = [];
  for (const name of [...(own === undefined ? [] : [own]), ...addOns]) {
    const read = await take(name, named.get(name) ?? name);
    if (!read.ok) return read;
    images.push(read.value);
  }
  const listPath = named.get(IMAGES_LIST);
  const list = listPath === undefined ? ok([]) : await readList(listPath, take, files);
  if (!list.ok) return list;
  const release = images.find(({ name }) => isReleaseArchive(name));
  const unsummed = release === undefined || sums.has(release.name) ? [] : [release.name];
  const known: AirgapRelease = { binary: binary.value, images, listed: list.value, unsummed };
  if (release === undefined || (list.value.length > 0 && unsummed.length === 0)) return ok(known);
  // It tells what it holds, and whether it can be read to its end.
  const told = await artifacts.imageNames(release.from, release.input);
  if (!told.ok && told.error.code === 'archive-damaged') return err(asFault(told.error));
  if (list.value.length > 0) return ok(known);
  return ok(told.ok ? { ...known, listed: told.value } : { ...known, untold: asFault(told.error).why });
}

async function readList(
  path: string,
  take: (name: string, path: string) => Promise<Result<AirgapFile, Fault>>,
  files: ArtifactFolder,
): Promise<Result<readonly string[], Fault>> {
  const list = await take(IMAGES_LIST, path);
  if (!list.ok) return list;
  const text = await readText(path, files);
  return text.ok ? ok(readImagesList(text.value)) : text;
}

/** Larger than the list of any release, or an install script. */
const [LONGEST_LIST, LONGEST_SCRIPT] = [64 * 1024, 1024 * 1024];

async function readScript(path: string, artifacts: ArtifactFolder): Promise<Result<string, Fault>> {
  const text = await readText(path, artifacts, LONGEST_SCRIPT);
  if (!text.ok || (text.value.trim() !== '' && !text.value.includes('\uFFFD'))) return text;
  return err(fault(say`${path} is no text.`, say`Put the script of https://get.k3s.io into it as install.sh.`));
}

async function readText(
  path: string,
  artifacts: ArtifactFolder,
  longest = LONGEST_LIST,
): Promise<Result<string, Fault>> {
  const opened = await artifacts.open(path);
  if (!opened.ok) return err(asFault(opened.error));
  if (opened.value.size > longest)
    return err(fault(say`${path} is larger than that of any release.`, say`Take it from the release as it is.`));
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const piece of opened.value.open()) text += decoder.decode(piece, { stream: true });
  } catch (error) {
    return err(
      fault(error instanceof Error ? error.message : String(error), say`Try again when nothing writes to it.`),
    );
  }
  return ok(text);
}

function asFault({ message, why, nextSteps }: Problem): Fault {
  const stop = message.endsWith('.') ? '' : '.';
  return fault(why === undefined ? message : `${message}${stop} ${why}`, nextSteps[0] ?? say`Look at the file.`);
}

/** A folder may lack an architecture; an archive that cannot be read is of no use to anybody. */
function unusable(asked: string, cause: Problem): Problem {
  const { why, nextStep } = asFault(cause);
  return problem('airgap-archive-unusable', say`${asked}, and that archive cannot be used`, {
    why,
    nextSteps: [nextStep],
  });
}

function unreadable(asked: string, cause: Problem): Problem {
  const { why } = asFault(cause);
  return problem('airgap-folder-unusable', say`${asked}, and nothing can be read there`, {
    why,
    nextSteps: [
      say`Correct the path, or put binary, images, sha256 file and install.sh of the release there; one archive that holds them ends with .tar, .tar.gz, .tgz, .tar.zst or .tzst.`,
    ],
  });
}

function nameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
