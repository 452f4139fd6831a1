import type { Path } from '../base/path';
import type { SentFile } from './cluster';
import { asArray, asRecord, asText, compact } from './shape';

/** Readable by root alone, unless the file says otherwise. */
const MODE = '0600';

/** The entries of a `files:` list that say what goes where. */
export function readSentFiles(data: unknown, path: Path): readonly SentFile[] {
  return asArray(data).flatMap((entry, index): readonly SentFile[] => {
    const file = asRecord(entry);
    const from = asText(file['from']);
    const to = asText(file['to']);
    if (from === undefined || to === undefined) return [];
    const mode = (asText(file['mode']) ?? MODE).padStart(4, '0');
    const restart = file['restart'] === true;
    return [{ from, to, mode, restart, path: [...path, index], ...compact({ owner: asText(file['owner']) }) }];
  });
}

/** The files of a node: of those with the same place the one that stands nearest to it. */
export function mergeSentFiles(...layers: readonly (readonly SentFile[])[]): readonly SentFile[] {
  return [...new Map(layers.flat().map((file) => [file.to, file])).values()];
}
