import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import texts from '../../../package.nls.json';
import { SETTINGS, worded } from '../../support/manifest';
import {
  CLUSTERS_VIEW,
  COMMANDS,
  CONFIG_SECTION,
  LANGUAGE_ID,
  PLAN_LANGUAGE_ID,
  PLAN_SCHEME,
  TOPOLOGY_PANEL,
} from '../../../src/vscode/ids';

const ROOT = join(import.meta.dirname, '../../..');

/** Files that a glob matches, with slashes on every system. */
const filesOf = (glob: string) => globSync(glob, { cwd: ROOT }).map((file) => file.replaceAll('\\', '/'));

describe('the house', () => {
  it('has a core that runs in a browser: no Node, no editor, no network library', async () => {
    const files = filesOf('src/core/**/*.ts').filter((file) => !file.endsWith('.d.ts'));
    const contents = files.map((file, i) => `export * as m${i} from './${file}';`).join('\n');
    const result = await build({
      stdin: { contents, resolveDir: ROOT, loader: 'ts' },
      bundle: true,
      platform: 'browser',
      format: 'esm',
      write: false,
      logLevel: 'silent',
    });
    expect(files.length).toBeGreaterThan(50);
    expect(result.errors).toEqual([]);
  });

  it('takes the path of a file from the editor in one place, which asks whether it is on disk', () => {
    const taking = filesOf('src/vscode/**/*.ts').filter((file) =>
      /(?<!globalStorageUri)\.fsPath\b/.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    expect(taking).toEqual(['src/vscode/services/localFile.ts']);
  });

  it.each([
    [
      'messages, questions and progress in src/vscode/services/say.ts',
      'src/vscode/**/*.ts',
      /window\.(?:show(?:Information|Warning|Error)Message|showInputBox|showQuickPick|withProgress)\b/,
      'src/vscode/services/say.ts',
    ],
    [
      'Markdown of the editor in src/vscode/services/say.ts',
      'src/vscode/**/*.ts',
      /new vscode\.MarkdownString\b|\bisTrusted\s*=|\bsupportHtml\b/,
      'src/vscode/services/say.ts',
    ],
    [
      'the log channel in src/vscode/services/log.ts',
      'src/vscode/**/*.ts',
      /createOutputChannel/,
      'src/vscode/services/log.ts',
    ],
    [
      'output of the command line in src/cli/output.ts',
      'src/{cli.ts,cli/**/*.ts}',
      /process\.std(?:out|err)\.write|console\./,
      'src/cli/output.ts',
    ],
  ])('writes %s only, where every text is made harmless', (_what, files, pattern, place) => {
    const writing = filesOf(files).filter((file) => pattern.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(writing).toEqual([place]);
  });
});

/** A command, or a menu of its own. */
interface MenuEntry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when: string;
}

describe('package.json', () => {
  const { contributes } = manifest;

  it('declares exactly the commands that the code has', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(COMMANDS).sort());
  });

  it('offers what is done with a plan in plans alone, and only in a trusted workspace', () => {
    const ofPlans = contributes.commands.filter(({ command }) => command.startsWith('k3s-ha.plan.'));
    expect(ofPlans.map(({ enablement }) => enablement)).toEqual(ofPlans.map(() => 'isWorkspaceTrusted'));
    const places = Object.values<readonly MenuEntry[]>(contributes.menus)
      .flat()
      .filter(({ command }) => command?.startsWith('k3s-ha.plan.') === true);
    expect(new Set(places.map(({ when }) => when))).toEqual(new Set([`resourceScheme == ${PLAN_SCHEME}`]));
    const inPalette = contributes.menus.commandPalette.map(({ command }) => command);
    expect(inPalette).toEqual(expect.arrayContaining(ofPlans.map(({ command }) => command)));
  });

  it('names only commands of ours in menus', () => {
    const known = new Set<string | undefined>([
      ...Object.values(COMMANDS),
      ...contributes.submenus.map(({ id }) => id),
    ]);
    const named = Object.values<readonly MenuEntry[]>(contributes.menus)
      .flat()
      .map(({ command, submenu }) => command ?? submenu);
    expect(named.filter((command) => !known.has(command))).toEqual([]);
  });

  it('uses the ids of the code for language, view and settings', () => {
    expect(contributes.languages.map(({ id }) => id)).toEqual([LANGUAGE_ID, PLAN_LANGUAGE_ID]);
    expect(contributes.grammars.map(({ language }) => language)).toEqual([LANGUAGE_ID, PLAN_LANGUAGE_ID]);
    expect(contributes.views['k3s-ha'][0]?.id).toBe(CLUSTERS_VIEW);
    expect(manifest.activationEvents).toEqual([`onWebviewPanel:${TOPOLOGY_PANEL}`]);
    for (const key of Object.keys(SETTINGS)) expect(key.startsWith(`${CONFIG_SECTION}.`)).toBe(true);
  });

  it('declares every setting that the code reads, and reads every setting that it declares', () => {
    const source = readFileSync(join(ROOT, 'src/vscode/services/settings.ts'), 'utf8');
    const read = [...source.matchAll(/(?:number|section\.get(?:<[^>]*>)?)\('([\w.]+)'/g)].map(
      (match) => `${CONFIG_SECTION}.${match[1]}`,
    );
    expect(read.sort()).toEqual(Object.keys(SETTINGS).sort());
  });

  it('gives every command a title and the one category', () => {
    for (const command of contributes.commands) {
      expect(command.category).toBe('K3s HA');
      expect(worded(command.title)).toMatch(/^[A-Z]/);
      expect(worded(command.title)).not.toContain('K3s HA');
    }
  });

  it('has the texts that people read in package.nls.json, each of them once', () => {
    const keys = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/gu)].map(([, key]) => key);
    expect(keys.sort()).toEqual(Object.keys(texts).sort());
    const titles = contributes.commands.map(({ title }) => worded(title));
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  });

  it('shows the settings in groups, those that most people leave alone by their tag', () => {
    expect(contributes.configuration.map(({ title }) => worded(title))).toEqual([
      'Rules',
      'Running Clusters',
      'Practice and Releases',
    ]);
    expect(Object.values(SETTINGS).map(({ order }) => order)).toEqual(Object.keys(SETTINGS).map((_id, i) => i + 1));
    const commands = Object.values(SETTINGS).flatMap(({ markdownDescription }) => [
      ...(worded(markdownDescription) ?? '').matchAll(/\]\(command:([^)]+)\)/gu),
    ]);
    const known = new Set<string | undefined>([...Object.values(COMMANDS), 'workbench.actions.view.problems']);
    expect(commands.map(([, command]) => command).filter((command) => !known.has(command))).toEqual([]);
    expect(commands.length).toBeGreaterThan(3);
  });
});
