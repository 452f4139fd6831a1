// Who may import what: the one table behind `npm run rooms` and the first table of docs/architecture.md.

/**
 * A room of the house. `place` is a folder (with a slash at its end) or a file; a room within another one is a room of
 * its own. `may` are the places of ours that it may import besides itself; `typesOf` the ones of which it may import
 * types only; `node` whether it may import modules of Node.
 * @typedef {{ place: string, may: string[], typesOf?: string[], node?: true }} Room
 */

/** @type {readonly Room[]} */
export const ROOMS = [
  { place: 'src/core/', may: ['schemas/'] },
  { place: 'src/engine/', may: ['src/core/'] },
  { place: 'src/views/', may: ['src/core/'], typesOf: ['src/contract/'] },
  { place: 'src/adapters/', may: ['src/core/', 'src/engine/ports.ts'], node: true },
  { place: 'src/practice/', may: ['src/core/', 'src/engine/ports.ts', 'src/adapters/files/'], node: true },
  { place: 'src/contract/', may: [], typesOf: ['src/core/'] },
  {
    place: 'src/vscode/',
    may: ['src/core/', 'src/engine/', 'src/views/', 'src/contract/', 'schemas/'],
    node: true,
  },
  {
    place: 'src/vscode/compose.ts',
    may: ['src/core/', 'src/engine/', 'src/contract/', 'src/vscode/', 'src/adapters/', 'schemas/'],
    node: true,
  },
  { place: 'src/extension.ts', may: ['src/vscode/compose.ts'] },
  { place: 'src/browser.ts', may: ['src/vscode/composeInBrowser.ts'] },
  {
    place: 'src/cli/',
    may: ['src/core/', 'src/engine/', 'src/views/', 'src/adapters/', 'webview/drawing/'],
    node: true,
  },
  { place: 'src/cli.ts', may: ['src/core/', 'src/engine/', 'src/adapters/', 'src/cli/'], node: true },
  { place: 'webview/', may: ['src/core/base/', 'src/contract/', 'webview/controls/', 'webview/drawing/'] },
  { place: 'webview/drawing/', may: ['src/core/base/'], typesOf: ['src/contract/'] },
  { place: 'webview/controls/', may: [] },
  { place: 'webview/harness/', may: ['src/contract/', 'webview/'], node: true },
];

/** The rooms of src/core; each may import only the ones before it. */
export const CORE_ROOMS = [
  'base',
  'document',
  'k3s',
  'datastore',
  'cluster',
  'loadBalancer',
  'remote',
  'facts',
  'plan',
  'rules',
  'hostChecks',
  'topology',
  'health',
  'workloads',
  'drill',
  'kubeconfig',
  'language',
  'authoring',
];

/** Packages by the places that know them; no other place may, and no other package may be imported. */
export const PACKAGES = {
  vscode: ['src/vscode/', 'src/extension.ts', 'src/browser.ts'],
  ssh2: ['src/adapters/ssh/', 'src/practice/ssh/'],
  '@kubernetes/client-node': ['src/adapters/kubernetes/'],
  undici: ['src/adapters/kubernetes/'],
  mysql2: ['src/adapters/databases/'],
  pg: ['src/adapters/databases/'],
  aws4fetch: ['src/adapters/objects/'],
  'tar-stream': ['src/adapters/archives/'],
  '@peculiar/x509': ['src/practice/k3s/'],
  'reflect-metadata': ['src/practice/k3s/'],
  yaml: ['src/core/', 'src/adapters/secrets/', 'src/practice/k3s/'],
  unbash: ['src/core/authoring/import/shell/'],
  fflate: ['src/core/authoring/import/'],
  '@vscode/webview-ui-toolkit': ['webview/controls/'],
  esbuild: ['webview/harness/'],
};

/** Bundles of our own that are loaded at first use by these names, see esbuild.mjs. */
const SIBLING_BUNDLES = String.raw`^\./(?:ssh|kube|releases|objects|archives|databases|operations|imports|live|lessons|edits|views)\.js$`;

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
const prefix = (place) => `^${escaped(place)}${place.endsWith('/') ? '' : '$'}`;
const within = (place) =>
  ROOMS.filter((room) => room.place !== place && room.place.startsWith(place)).map((room) => prefix(room.place));
/** In an installed package, in its types, or by its bare name where nothing is installed. */
const packagePattern = (name) => `^(?:node_modules/)?(?:@types/)?${escaped(name)}(?:/|$)`;
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** The files of a room, without the ones of rooms within it. */
const filesOf = ({ place }) => ({ path: prefix(place), pathNot: within(place) });

function roomRules(room) {
  const { place, may, typesOf = [] } = room;
  // Its own files are allowed, but not a room within it: that one has to be named.
  const own =
    within(place).length === 0
      ? prefix(place)
      : `^(?!${within(place)
          .map((one) => one.slice(1))
          .join('|')})${prefix(place).slice(1)}`;
  const allowed = [own, ...[...may, ...typesOf].map(prefix)];
  const known = [...may, ...typesOf.map((one) => `types of ${one}`)].join(', ');
  const comment = `${place} may import ${known === '' ? 'nothing of ours' : known} only.`;
  return [
    rule(place, comment, filesOf(room), { dependencyTypes: ['local'], pathNot: allowed }),
    ...(typesOf.length === 0
      ? []
      : [
          rule(`${place} types`, comment, filesOf(room), {
            path: typesOf.map(prefix),
            dependencyTypesNot: ['type-only'],
          }),
        ]),
    ...(room.node
      ? []
      : [
          rule(`${place} node`, `${place} may not import modules of Node.`, filesOf(room), {
            dependencyTypes: ['core'],
          }),
        ]),
  ];
}

function coreRules() {
  return CORE_ROOMS.map((room, index) => {
    const later = CORE_ROOMS.slice(index + 1).map((one) => prefix(`src/core/${one}/`));
    const before = CORE_ROOMS.slice(0, index).join(', ');
    const comment = `src/core/${room} may import ${before === '' ? 'no other room' : before} only.`;
    return later.length === 0
      ? []
      : [rule(`src/core/${room}/ order`, comment, { path: prefix(`src/core/${room}/`) }, { path: later })];
  }).flat();
}

function packageRules() {
  const names = Object.keys(PACKAGES).map(packagePattern);
  const foreign = [
    'npm',
    'npm-dev',
    'npm-optional',
    'npm-peer',
    'npm-no-pkg',
    'npm-unknown',
    'unknown',
    'undetermined',
  ];
  return [
    ...Object.entries(PACKAGES).map(([name, places]) =>
      rule(
        `package ${name}`,
        `Only ${places.join(' and ')} may know ${name}.`,
        { pathNot: places.map(prefix) },
        { path: packagePattern(name) },
      ),
    ),
    rule(
      'packages',
      'The table of packages does not name it: scripts/lib/rooms.mjs.',
      {},
      { dependencyTypes: foreign, pathNot: [...names, SIBLING_BUNDLES] },
    ),
  ];
}

/** The table as rules of dependency-cruiser. https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md */
export const RULES = [
  rule('circle', 'Two files that need each other are one file, or need a third one.', {}, { circular: true }),
  ...ROOMS.flatMap(roomRules),
  ...coreRules(),
  ...packageRules(),
  rule(
    'no room',
    'It belongs to no room: name it in scripts/lib/rooms.mjs.',
    { path: '^(?:src|webview)/', pathNot: ROOMS.map(({ place }) => prefix(place)) },
    {},
  ),
  rule(
    'no room of the core',
    'Its folder has no place in the order: name it in scripts/lib/rooms.mjs.',
    { path: '^src/core/', pathNot: CORE_ROOMS.map((room) => prefix(`src/core/${room}/`)) },
    {},
  ),
];
