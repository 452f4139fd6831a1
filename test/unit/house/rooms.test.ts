import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CORE_ROOMS, PACKAGES, ROOMS } from '../../../scripts/lib/rooms.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const CHECK_MS = 120_000;

/** What every room tries to import in the sample, and what it may; said once more here, not read from the table. */
const TARGETS = [
  'src/core/base/leaf.ts',
  'src/engine/leaf.ts',
  'src/engine/ports.ts',
  'src/views/leaf.ts',
  'src/adapters/leaf.ts',
  'src/adapters/files/leaf.ts',
  'src/practice/leaf.ts',
  'src/contract/leaf.ts',
  'src/vscode/leaf.ts',
  'src/vscode/compose.ts',
  'src/cli/leaf.ts',
  'webview/leaf.ts',
  'webview/controls/leaf.ts',
  'webview/drawing/leaf.ts',
  'webview/harness/leaf.ts',
  'schemas/leaf.json',
  'node:fs',
  'vscode',
  'ssh2',
  '@kubernetes/client-node',
  '@vscode/webview-ui-toolkit',
  'left-pad',
] as const;
type Target = (typeof TARGETS)[number];

const MAY: Readonly<Record<string, readonly Target[]>> = {
  'src/core/base/probe.ts': ['src/core/base/leaf.ts', 'schemas/leaf.json'],
  'src/engine/probe.ts': ['src/core/base/leaf.ts', 'src/engine/leaf.ts', 'src/engine/ports.ts'],
  'src/views/probe.ts': ['src/core/base/leaf.ts', 'src/views/leaf.ts'],
  'src/adapters/probe.ts': [
    'src/core/base/leaf.ts',
    'src/engine/ports.ts',
    'src/adapters/leaf.ts',
    'src/adapters/files/leaf.ts',
    'node:fs',
  ],
  'src/adapters/ssh/probe.ts': [
    'src/core/base/leaf.ts',
    'src/engine/ports.ts',
    'src/adapters/leaf.ts',
    'src/adapters/files/leaf.ts',
    'node:fs',
    'ssh2',
  ],
  'src/practice/probe.ts': [
    'src/core/base/leaf.ts',
    'src/engine/ports.ts',
    'src/adapters/files/leaf.ts',
    'src/practice/leaf.ts',
    'node:fs',
  ],
  'src/contract/probe.ts': ['src/contract/leaf.ts'],
  'src/vscode/probe.ts': [
    'src/core/base/leaf.ts',
    'src/engine/leaf.ts',
    'src/engine/ports.ts',
    'src/views/leaf.ts',
    'src/contract/leaf.ts',
    'src/vscode/leaf.ts',
    'schemas/leaf.json',
    'node:fs',
    'vscode',
  ],
  'src/vscode/compose.ts': [
    'src/core/base/leaf.ts',
    'src/engine/leaf.ts',
    'src/engine/ports.ts',
    'src/adapters/leaf.ts',
    'src/adapters/files/leaf.ts',
    'src/contract/leaf.ts',
    'src/vscode/leaf.ts',
    'schemas/leaf.json',
    'node:fs',
    'vscode',
  ],
  'src/extension.ts': ['src/vscode/compose.ts', 'vscode'],
  'src/browser.ts': ['vscode'],
  'src/cli/probe.ts': [
    'src/core/base/leaf.ts',
    'src/engine/leaf.ts',
    'src/engine/ports.ts',
    'src/views/leaf.ts',
    'src/adapters/leaf.ts',
    'src/adapters/files/leaf.ts',
    'src/cli/leaf.ts',
    'webview/drawing/leaf.ts',
    'node:fs',
  ],
  'src/cli.ts': [
    'src/core/base/leaf.ts',
    'src/engine/leaf.ts',
    'src/engine/ports.ts',
    'src/adapters/leaf.ts',
    'src/adapters/files/leaf.ts',
    'src/cli/leaf.ts',
    'node:fs',
  ],
  'webview/probe.ts': [
    'src/core/base/leaf.ts',
    'src/contract/leaf.ts',
    'webview/leaf.ts',
    'webview/controls/leaf.ts',
    'webview/drawing/leaf.ts',
  ],
  'webview/drawing/probe.ts': ['src/core/base/leaf.ts', 'webview/drawing/leaf.ts'],
  'webview/controls/probe.ts': ['webview/controls/leaf.ts', '@vscode/webview-ui-toolkit'],
  'webview/harness/probe.ts': [
    'src/contract/leaf.ts',
    'webview/leaf.ts',
    'webview/controls/leaf.ts',
    'webview/drawing/leaf.ts',
    'webview/harness/leaf.ts',
    'node:fs',
  ],
};

/** A house of few files in which every room imports everything, as {@link MAY} says it must not. */
function sampleHouse(): Readonly<Record<string, string>> {
  const leaf = (file: string): string =>
    file.endsWith('.json') ? '{}' : 'export const leaf = 1;\nexport type Leaf = number;\n';
  const files: Record<string, string> = Object.fromEntries(
    TARGETS.filter((target) => target.includes('leaf')).map((file) => [file, leaf(file)]),
  );
  files['src/engine/ports.ts'] = leaf('ports.ts');
  for (const file of Object.keys(MAY))
    files[file] = TARGETS.filter((target) => target !== file)
      .map((target) => importOf(file, target))
      .join('');
  for (const room of CORE_ROOMS) files[`src/core/${room}/leaf.ts`] = leaf(room);
  CORE_ROOMS.forEach((room) => {
    files[`src/core/${room}/order.ts`] = CORE_ROOMS.map((other) =>
      importOf(`src/core/${room}/order.ts`, `src/core/${other}/leaf.ts`),
    ).join('');
  });
  return {
    ...files,
    'src/views/types.ts': "import type { Leaf } from '../contract/leaf';\nexport const one: Leaf = 1;\n",
    'src/contract/types.ts': "import type { Leaf } from '../core/base/leaf';\nexport const one: Leaf = 1;\n",
    'src/core/base/here.ts': "import { there } from './there';\nexport const here = (): number => there();\n",
    'src/core/base/there.ts': "import { here } from './here';\nexport const there = (): number => here();\n",
    'src/engine/one.ts': "import type { Other } from './other';\nexport interface One { readonly other?: Other }\n",
    'src/engine/other.ts': "import type { One } from './one';\nexport interface Other { readonly one?: One }\n",
    'src/core/attic/leaf.ts': importOf('src/core/attic/leaf.ts', 'src/core/base/leaf.ts'),
    'src/attic/leaf.ts': importOf('src/attic/leaf.ts', 'src/core/base/leaf.ts'),
  };
}

function importOf(file: string, target: string): string {
  const name = `_${target.replace(/\W/g, '_')}`;
  const ours = /^(?:src|webview|schemas)\//.test(target);
  return `import * as ${name} from '${ours ? `${'../'.repeat(file.split('/').length - 1) || './'}${target.replace(/\.ts$/, '')}` : target}';\nexport const use${name} = ${name};\n`;
}

/** Runs the check as `npm run rooms` does; gives what it prints and its exit status. */
async function check(folder: string): Promise<{ readonly said: string; readonly code: number | null }> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/rooms.mjs'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const closed = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { said: await text(child.stdout), code: await closed };
}

describe('B8: the check of rooms and circles', () => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'k3s-rooms-'));
  let code: number | null;
  let refused: readonly string[] = [];

  beforeAll(async () => {
    for (const [file, content] of Object.entries(sampleHouse())) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    }
    const { said, code: status } = await check(folder);
    code = status;
    refused = [...said.matchAll(/^✗ (.+)$/gm)].map((match) => (match[1] ?? '').replace(/ → (fs)$/, ' → node:$1'));
  }, CHECK_MS);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has a sample of every room in the table', () => {
    const sampled = Object.keys(MAY).map((file) =>
      ROOMS.map(({ place }) => place)
        .filter((place) => file.startsWith(place))
        .sort()
        .at(-1),
    );
    expect([...new Set(sampled)].sort()).toEqual(ROOMS.map(({ place }) => place).sort());
    expect(code).toBe(1);
  });

  it.each(Object.entries(MAY))('refuses what %s must not import, and nothing else', (file, may) => {
    const told = [
      ...new Set(refused.filter((line) => line.startsWith(`${file} → `)).map((line) => line.slice(file.length + 3))),
    ];
    const wanted = TARGETS.filter((target) => target !== file && !may.includes(target));
    expect(told.filter((target) => !target.includes(' → ')).sort()).toEqual([...wanted].sort());
  });

  it.each(CORE_ROOMS.map((room, index) => [room, CORE_ROOMS.slice(index + 1)] as const))(
    'lets src/core/%s import upwards only',
    (room, later) => {
      const told = refused
        .filter((line) => line.startsWith(`src/core/${room}/order.ts → `))
        .map((line) => line.split(' → ')[1]);
      expect(told.sort()).toEqual(later.map((other) => `src/core/${other}/leaf.ts`).sort());
    },
  );

  it('refuses circles, of types alone, too', () => {
    expect(refused).toContain('src/core/base/here.ts → src/core/base/there.ts → src/core/base/here.ts');
    expect(refused).toContain('src/engine/one.ts → src/engine/other.ts → src/engine/one.ts');
  });

  it('lets the contract import types of the core, views those of the contract, and refuses files of no room', () => {
    for (const file of ['src/contract/types.ts', 'src/views/types.ts'])
      expect(refused.filter((line) => line.startsWith(file))).toEqual([]);
    expect(refused).toContain('src/core/attic/leaf.ts → src/core/base/leaf.ts');
    expect(refused).toContain('src/attic/leaf.ts → src/core/base/leaf.ts');
  });
});

describe('the table of rooms', () => {
  const page = readFileSync(join(ROOT, 'docs/architecture.md'), 'utf8');
  const spans = (places: readonly string[]): string =>
    places.map((place) => `\`${place.replace(/\/$/, '')}\``).join(', ');

  it('is the table of the architecture page', () => {
    const written = [...page.matchAll(/^\| `([^`]+)` \| .+ \| (.+) \|$/gm)].map(([, place, may]) => ({ place, may }));
    const table = ROOMS.map(({ place, may, typesOf = [], node }) => ({
      place: place.replace(/\/$/, ''),
      may:
        [
          ...(may.length === 0 ? [] : [spans(may)]),
          ...(typesOf.length === 0 ? [] : [`types of ${spans(typesOf)}`]),
          ...(node ? ['Node'] : []),
        ].join(', ') || 'nothing',
    }));
    expect(written).toEqual(table);
  });

  it('has the order of the core and the places of packages as the architecture page tells them', () => {
    expect(page).toContain(`${CORE_ROOMS.map((room) => `\`${room}\``).join(', ')}.`);
    for (const [name, places] of Object.entries(PACKAGES)) expect(page).toContain(`- \`${name}\`: ${spans(places)}\n`);
  });

  it('orders every folder of src/core', () => {
    expect(readdirSync(join(ROOT, 'src/core')).sort()).toEqual([...CORE_ROOMS].sort());
  });
});
