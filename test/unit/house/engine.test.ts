import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATASTORES } from '../../../src/core/datastore/registry';
import { TOPICS } from '../../../src/core/facts/probe';
import type { GuardId } from '../../../src/core/plan/step';
import type { RemoteScript } from '../../../src/core/remote/remoteCommand';
import manifest from '../../../package.json';
import { worded } from '../../support/manifest';
import { guardById } from '../../../src/engine/guards/registry';
import { operationById, operationIds } from '../../../src/engine/operations/registry';
import { stepKinds } from '../../../src/engine/steps/registry';
import { findCommand } from '../../../src/practice/commands/registry';
import { OPERATION_COMMANDS, type OperationId } from '../../../src/vscode/ids';
import { offeredOperation } from '../../../src/vscode/operations/offered';

const ROOT = join(import.meta.dirname, '../../..');

type Exports = Readonly<Record<string, unknown>>;

const exportsOf = async (file: string): Promise<Exports> => (await import(join(ROOT, file))) as Exports;
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const inKebabCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Names of the files of a folder, without those that are no entry of its registry. */
function entries(folder: string, ...others: readonly string[]): string[] {
  return globSync('*.ts', { cwd: join(ROOT, folder) })
    .map((file) => basename(file, '.ts'))
    .filter((name) => !others.includes(name))
    .sort();
}

/** What a registry imports as values from its folder. */
function imported(registry: string): string[] {
  return [...read(registry).matchAll(/^import \{ \w+ \} from '\.\/(\w+)';$/gm)].map(([, name = '']) => name).sort();
}

const STEPS = entries('src/engine/steps', 'step', 'registry');
const OPERATIONS = entries('src/engine/operations', 'operation', 'registry');
const DATASTORE_KINDS = entries('src/core/datastore', 'kind', 'registry');
const GUARDS = entries('src/engine/guards', 'guard', 'registry', 'refusal');

describe('the kinds of steps', () => {
  it.each(STEPS)('%s is one kind, named as its file', async (name) => {
    const exported = await exportsOf(`src/engine/steps/${name}.ts`);
    expect(Object.keys(exported)).toEqual([name]);
    expect(exported[name]).toMatchObject({ kind: inKebabCase(name) });
    expect(stepKinds()).toContain(inKebabCase(name));
  });

  it('are the folder and its registry, each with a test of its own', () => {
    expect([...stepKinds()].sort()).toEqual(STEPS.map(inKebabCase).sort());
    expect(imported('src/engine/steps/registry.ts')).toEqual(STEPS);
    expect(entries('test/unit/engine/steps')).toEqual(STEPS.map((name) => `${name}.test`));
  });

  it('are known neither to the schedule nor to the language of plans', () => {
    const files = ['src/engine/run/schedule.ts', ...globSync('src/core/plan/*.ts', { cwd: ROOT })];
    expect(files.length).toBeGreaterThan(5);
    const named = files.flatMap((file) =>
      stepKinds()
        .filter((kind) => new RegExp(`['"\`]${kind}['"\`:]`).test(read(file)))
        .map((kind) => `${file}: ${kind}`),
    );
    expect(named).toEqual([]);
    for (const file of files) expect(read(file), file).not.toMatch(/from '[./]*\/steps\//);
  });
});

describe('the guards', () => {
  it.each(GUARDS)('%s is one guard, named as its file', async (name) => {
    const exported = await exportsOf(`src/engine/guards/${name}.ts`);
    expect(Object.keys(exported)).toEqual([name]);
    expect(exported[name]).toBe(guardById(inKebabCase(name) as GuardId));
    expect(exported[name]).toMatchObject({ id: inKebabCase(name) });
  });

  it('are the folder and its registry, each with a test of its own', () => {
    expect(imported('src/engine/guards/registry.ts')).toEqual(GUARDS);
    expect(entries('test/unit/engine/guards')).toEqual(GUARDS.map((name) => `${name}.test`));
  });
});

describe('the operations', () => {
  it.each(OPERATIONS)('%s is one, named as its file', async (name) => {
    const exported = await exportsOf(`src/engine/operations/${name}.ts`);
    expect(Object.keys(exported)).toEqual([name]);
    expect(exported[name]).toBe(operationById(inKebabCase(name)));
    expect(exported[name]).toMatchObject({ id: inKebabCase(name) });
  });

  it('are the folder and its registry, each with a test of its own', () => {
    expect([...operationIds()].sort()).toEqual(OPERATIONS.map(inKebabCase).sort());
    expect(imported('src/engine/operations/registry.ts')).toEqual(OPERATIONS);
    expect(entries('test/unit/engine/operations')).toEqual(
      expect.arrayContaining(OPERATIONS.map((name) => `${name}.test`)),
    );
  });

  it('are each offered by the editor, with a command that is called as the operation', () => {
    const offered = Object.keys(OPERATION_COMMANDS) as OperationId[];
    expect([...offered].sort()).toEqual([...operationIds()].sort());
    const titles = new Map(manifest.contributes.commands.map(({ command, title }) => [command, worded(title)]));
    for (const id of offered) {
      expect(titles.get(OPERATION_COMMANDS[id])).toBe(operationById(id).title);
      expect(offeredOperation(id).noun).not.toBe('');
    }
  });

  it('are not guessed: an unknown one is an error of the program', () => {
    expect(() => operationById('defragment')).toThrow('no operation defragment');
  });
});

describe('the datastore kinds', () => {
  it.each(DATASTORE_KINDS)('%s is one kind, named as its file', async (name) => {
    const exported = await exportsOf(`src/core/datastore/${name}.ts`);
    expect(Object.keys(exported)).toEqual([name]);
    expect(exported[name]).toMatchObject({ type: inKebabCase(name) });
    expect(DATASTORES).toContain(exported[name]);
  });

  it('are the folder and its registry', () => {
    expect(imported('src/core/datastore/registry.ts')).toEqual(DATASTORE_KINDS);
    expect(DATASTORES).toHaveLength(DATASTORE_KINDS.length);
  });
});

describe('the topics of facts', () => {
  const names = entries('src/core/facts').filter((name) => name.endsWith('Facts'));

  it.each(names)('%s is one topic, asked by the probe', async (name) => {
    const exported = await exportsOf(`src/core/facts/${name}.ts`);
    expect(exported[name]).toMatchObject({ name: name.slice(0, -'Facts'.length) });
    expect(TOPICS).toContain(exported[name]);
  });

  it('are all that the probe asks for', () => {
    expect(TOPICS.map(({ name }) => `${name}Facts`).sort()).toEqual(names);
  });
});

describe('the scripts for hosts', () => {
  const isScript = (value: unknown): value is RemoteScript =>
    typeof value === 'object' && value !== null && 'text' in value && 'id' in value;

  it('are each answered by the practice fleet, and have an id and a text of their own', async () => {
    const files = globSync('src/core/{remote,facts}/*.ts', { cwd: ROOT });
    const modules = await Promise.all(files.map((file) => exportsOf(file)));
    const scripts = modules.flatMap((exported) => Object.values(exported).filter(isScript));
    expect(scripts.length).toBeGreaterThan(15);
    expect(scripts.filter(({ text }) => findCommand(text) === undefined).map(({ id }) => id)).toEqual([]);
    expect(new Set(scripts.map(({ id }) => id)).size).toBe(scripts.length);
    expect(new Set(scripts.map(({ text }) => text)).size).toBe(scripts.length);
  });
});
