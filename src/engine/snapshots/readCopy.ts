import { say } from '../../core/base/say';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { isSnapshotName } from '../../core/k3s/snapshotName';
import type { ArtifactFolder } from '../ports';
import type { SnapshotSheet } from './copiedSnapshot';

/** A snapshot that lies on this computer. */
export interface SnapshotCopy {
  readonly path: string;
  /** The address in S3 that it was got from for this restore. */
  readonly from?: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  /** What was written down beside it when it was copied; one that came another way has none. */
  readonly sheet?: SnapshotSheet;
}

/** A sheet has a few hundred bytes, and one line for each server. */
const LARGEST_SHEET = 64 * 1024;

/** Reads a snapshot of this computer, and the sheet beside it, which has to be about exactly these bytes. */
export async function readCopy(path: string, artifacts: ArtifactFolder): Promise<Result<SnapshotCopy, Problem>> {
  const name = path.replace(/^.*[\\/]/, '');
  if (!isSnapshotName(name) || name.endsWith('.json'))
    return err(
      problem('copy-name', say`${path} cannot be the name of a snapshot on a server`, {
        nextSteps: [
          say`Name the snapshot itself, called by letters, digits, dots and dashes, not the .json beside it.`,
        ],
      }),
    );
  const opened = await artifacts.open(path);
  if (!opened.ok) return opened;
  const { size, sha256 } = opened.value;
  const beside = await readSheet(`${path}.json`, artifacts);
  if (!beside.ok) return beside;
  const sheet = beside.value;
  if (sheet !== undefined && (sheet.sha256 !== sha256 || sheet.size !== size))
    return err(
      problem('copy-damaged', say`${path} is not what was copied from ${sheet.savedOn}`, {
        why: say`It has ${size} bytes with the sha256 ${sha256}; ${name}.json says ${sheet.size} bytes with ${sheet.sha256}.`,
        nextSteps: [say`Take another copy: this one was cut off, changed or damaged.`],
      }),
    );
  return ok({ path, name, size, sha256, ...(sheet === undefined ? {} : { sheet }) });
}

async function readSheet(path: string, artifacts: ArtifactFolder): Promise<Result<SnapshotSheet | undefined, Problem>> {
  const opened = await artifacts.open(path);
  if (!opened.ok) return opened.error.code === 'file-missing' ? ok(undefined) : opened;
  const unreadable = problem('copy-sheet-unreadable', say`${path} does not tell what the snapshot beside it is`, {
    nextSteps: [say`Bring back the file that was made with the copy, or take it away to restore without what it says.`],
  });
  if (opened.value.size > LARGEST_SHEET) return err(unreadable);
  const pieces: Uint8Array[] = [];
  for await (const piece of opened.value.open()) pieces.push(piece);
  const decoder = new TextDecoder();
  const text = pieces.map((piece) => decoder.decode(piece, { stream: true })).join('');
  const sheet = sheetOf(text);
  return sheet === undefined ? err(unreadable) : ok(sheet);
}

function sheetOf(text: string): SnapshotSheet | undefined {
  try {
    const read = JSON.parse(text) as Partial<Record<keyof SnapshotSheet, unknown>> | null;
    if (typeof read !== 'object' || read === null) return undefined;
    const texts = [read.cluster, read.snapshot, read.sha256, read.created, read.savedOn];
    const optional = [read.version, read.caHash, read.token];
    const fits =
      texts.every((one) => typeof one === 'string') &&
      optional.every((one) => one === undefined || typeof one === 'string') &&
      typeof read.size === 'number' &&
      isList(read.tokenHashes, (one) => typeof one === 'string') &&
      isList(read.servers, isServer);
    return fits ? (read as SnapshotSheet) : undefined;
  } catch {
    return undefined;
  }
}

function isList(value: unknown, is: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function isServer(one: unknown): boolean {
  const { name, address } = (typeof one === 'object' && one !== null ? one : {}) as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && typeof address === 'string';
}
