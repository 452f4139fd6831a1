import { extract } from 'tar-stream';
import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import { fullImageName } from '../../core/k3s/imageReference';
import type { Artifacts } from '../../engine/ports';
import { explainFileError } from '../files/fileProblem';
import { plainName } from './entryNames';
import { feed } from './feed';
import { packingOf, unpacked } from './unpacked';

/** What tells the images of an archive; everything else in it are their layers. */
const TELLING = ['oci-layout', 'index.json', 'manifest.json'] as const;
type Telling = ReadonlyMap<string, unknown>;

/** Larger than that of any archive: a name and a few hundred bytes for each image. */
const LARGEST = 4 * 1024 * 1024;

/** Reads which images an archive holds, in the memory of a few pieces of it. */
export const readImageNames: Artifacts['imageNames'] = async (path, archive) => {
  let isTar = false;
  try {
    const packing = await packingOf(archive.open());
    isTar = packing !== 'none';
    const pieces = unpacked(path, packing, archive.open());
    const telling = await readTelling(pieces, () => {
      isTar = true;
    });
    return namesIn(path, telling);
  } catch (error) {
    if (error instanceof Error && 'problem' in error) return err(explainFileError(error, path, 'read').problem);
    const reason = error instanceof Error ? error.message : String(error);
    return err(isTar ? damaged(path, reason) : untold(path, `It is no tar archive: ${reason}.`));
  }
};

async function readTelling(tar: AsyncIterable<Uint8Array>, onEntry: () => void): Promise<Telling> {
  const found = new Map<string, unknown>();
  const stream = extract();
  const fed = feed(tar, stream);
  try {
    for await (const source of stream) {
      onEntry();
      const { name, size = 0, type } = source.header;
      const wanted = TELLING.find((one) => one === plainName(name) && type === 'file' && size <= LARGEST);
      const kept: Uint8Array[] = [];
      for await (const piece of source as AsyncIterable<Uint8Array>) if (wanted !== undefined) kept.push(piece);
      if (wanted !== undefined) found.set(wanted, dataIn(Buffer.concat(kept).toString('utf8')));
    }
  } finally {
    stream.destroy();
    await fed;
  }
  return found;
}

/** As containerd reads it: with a layout of OCI its index decides, otherwise what `docker save` has written. */
function namesIn(path: string, telling: Telling): Result<readonly string[], Problem> {
  // https://github.com/containerd/containerd/blob/main/core/images/archive/importer.go
  const names = telling.has('oci-layout')
    ? ociNames(telling.get('index.json'))
    : dockerNames(telling.get('manifest.json'));
  const all = [...new Set(names)].sort();
  return all.length > 0
    ? ok(all)
    : err(untold(path, 'It has neither an index.json nor a manifest.json that names images.'));
}

function ociNames(index: unknown): readonly string[] {
  return listIn(index, 'manifests').flatMap((one) => {
    const annotations = fieldOf(one, 'annotations');
    const name =
      fieldOf(annotations, 'io.containerd.image.name') ?? fieldOf(annotations, 'org.opencontainers.image.ref.name');
    return isName(name) ? [name] : [];
  });
}

function dockerNames(manifest: unknown): readonly string[] {
  const images: readonly unknown[] = Array.isArray(manifest) ? manifest : [];
  return images.flatMap((image) => listIn(image, 'RepoTags').filter(isName).map(fullImageName));
}

/** A mere tag, such as skopeo writes, is no name that anybody asks containerd for. */
function isName(name: unknown): name is string {
  return typeof name === 'string' && /^[A-Za-z0-9][\w./:@-]*$/.test(name) && /[/:]/.test(name);
}

function dataIn(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function damaged(path: string, reason: string): Problem {
  return problem('archive-damaged', `${path} is damaged, or not all of it is there`, {
    why: `It cannot be read to its end: ${reason}.`,
    nextSteps: ['Download it again, and the sha256 file of the same release beside it.'],
  });
}

function untold(path: string, why: string): Problem {
  return problem('archive-untold', `${path} does not tell which images it holds`, { why });
}
