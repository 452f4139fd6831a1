import { oldNodeProblem } from '../core/base/nodeVersion';
import { formatProblem } from '../core/base/problem';
import type { DatabaseClients, ObjectStores } from '../engine/ports';
import type * as archives from './archives/archiveReaders';
import type * as clients from './databases/clients';
import type { ArchiveReaders } from './files/artifacts';
import type * as releases from './http/releaseBinary';
import type * as kube from './kubernetes/api';
import type * as objects from './objects/objectStores';
import type * as session from './session';

/**
 * Heavy libraries, and what few clusters need, live in bundles of their own, beside this one, and are loaded at first use:
 * together they cost more than everything else. https://code.visualstudio.com/api/working-with-extensions/bundling-extension
 */
export function loadSession(): typeof session {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./ssh.js') as typeof session;
}

export function loadReleases(): typeof releases {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./releases.js') as typeof releases;
}

/** What gets objects from S3, loaded when the first one is wanted. */
export function objectStores(folder: () => string): ObjectStores {
  let made: ObjectStores | undefined;
  const load = (): ObjectStores => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { createObjectStores } = require('./objects.js') as typeof objects;
    return createObjectStores({ folder: folder(), downloads: loadSession().downloads });
  };
  return {
    get: (wanted) => (made ??= load()).get(wanted),
    dispose: async () => made?.dispose(),
  };
}

/** What looks into archives is loaded when there is one. */
export const archiveReaders: ArchiveReaders = {
  readArchive: (file) => loadArchives().readArchive(file),
  readImageNames: (path, archive) => loadArchives().readImageNames(path, archive),
};

function loadArchives(): ArchiveReaders {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require('./archives.js') as typeof archives).archiveReaders;
}

/** Throws an error with its problem on a Node that is too old for it: loading it would end in riddles. */
export function loadKubernetes(): typeof kube {
  const found = oldNodeProblem(process.versions.node);
  if (found !== undefined) throw Object.assign(new Error(formatProblem(found)), { problem: found });
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./kube.js') as typeof kube;
}

/** The clients of databases, loaded when the first one is asked. */
export const databases: DatabaseClients = {
  try(question, connect, limits) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { databaseClients } = require('./databases.js') as typeof clients;
    return databaseClients.try(question, connect, limits);
  },
};
