import type { ArchiveReaders } from '../files/artifacts';
import { readImageNames } from './imageNames';
import { readArchive } from './tarArchive';

/** All that looks into archives. */
export const archiveReaders: ArchiveReaders = { readArchive, readImageNames };
