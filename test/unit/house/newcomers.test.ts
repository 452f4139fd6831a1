import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, type BuildFailure } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml, parseDocument } from 'yaml';
import manifest from '../../../package.json';
import { COMMANDS } from '../../../src/cli/commands/registry';
import { SUITES } from '../../../scripts/lib/suites.mjs';
import { indentsBy, readEditorConfig, wantedOf } from './editorConfig';

const ROOT = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const isThere = (file: string) => existsSync(join(ROOT, file));

/** JSON with comments, as VS Code reads it. Without the comments it is YAML. */
const readJsonc = (file: string) => parseYaml(read(file).replace(/^\s*\/\/.*$/gm, '')) as unknown;

/** What is wrong with the commands of ours in a text: scripts of package.json, suites and files that do not exist. */
function unknownCommands(text: string): string[] {
  const suites = SUITES.flatMap(({ name, group }) => (group === undefined ? [name] : [name, group]));
  const scripts = [...text.matchAll(/\bnpm run ([\w:]+)/g)].filter(([, name = '']) => !(name in manifest.scripts));
  const alone = [...text.matchAll(/\bnpm (start|test)\b/g)].filter(([, name = '']) => !(name in manifest.scripts));
  const named = [...text.matchAll(/\bnpm test -- ((?:[a-z][\w-]* ?)+)/g)].flatMap(([, names = '']) =>
    names.trim().split(' '),
  );
  const files = [...text.matchAll(/(?:\bnode |(?<=\s))((?:scripts|node_modules|\.ci)\/[\w./-]+)/g)].filter(
    ([, file = '']) => !isThere(file),
  );
  const projects = [...text.matchAll(/--project (\w+)/g)].filter(
    ([, name = '']) => !read('vitest.config.mjs').includes(`project('${name}'`),
  );
  return [
    ...[...scripts, ...alone, ...files, ...projects].map(([all]) => all),
    ...named.filter((name) => !suites.includes(name)),
  ];
}

describe('.vscode', () => {
  interface Task {
    label: string;
    command: string;
    dependsOn?: string;
    isBackground?: boolean;
    problemMatcher: unknown;
  }
  interface Launch {
    name: string;
    program?: string;
    preLaunchTask: string;
    args: string[];
    outFiles?: string[];
  }
  interface Matcher {
    pattern: { regexp: string; file?: number; line?: number; message?: number }[];
    background?: { beginsPattern: string; endsPattern: string };
  }
  const { tasks } = readJsonc('.vscode/tasks.json') as { tasks: Task[] };
  const { configurations, inputs } = readJsonc('.vscode/launch.json') as {
    configurations: Launch[];
    inputs: { id: string; options: string[] }[];
  };
  const esbuildMatchers = tasks
    .filter(({ problemMatcher }) => typeof problemMatcher === 'object' && !Array.isArray(problemMatcher))
    .map((task) => task.problemMatcher as Matcher);

  it('starts the extension, a unit test, the practice fleet and the command line, each with a task before it that exists', () => {
    expect(configurations.map(({ name }) => name)).toEqual([
      'Run Extension',
      'Debug Current Unit Test',
      'Debug Practice Fleet',
      'Debug CLI',
    ]);
    const labels = tasks.map(({ label }) => label);
    expect(configurations.map(({ preLaunchTask }) => preLaunchTask).filter((label) => !labels.includes(label))).toEqual(
      [],
    );
    expect(tasks.flatMap(({ dependsOn }) => dependsOn ?? []).filter((label) => !labels.includes(label))).toEqual([]);
  });

  it('names only files that are there or that the build makes', () => {
    const entries = [...read('esbuild.mjs').matchAll(/^ {2}(\w+): \{ \.\.\.for\w+, entry: '/gm)].map(
      ([, name]) => `dist/${name}.js`,
    );
    const named = configurations
      .flatMap(({ program = '', args }) => [program, ...args])
      .map((text) => text.replace(/^--extensionDevelopmentPath=/, '').replace('${workspaceFolder}', '.'))
      .filter((text) => text.includes('/') || text === '.');
    expect(named).toContain('./test/host/reload');
    expect(named.filter((file) => !entries.includes(file) && !isThere(file))).toEqual([]);
  });

  it('offers commands that the command line has', () => {
    const names = COMMANDS.map(({ name }) => name);
    const offered = inputs.flatMap(({ options }) => options);
    expect(offered.length).toBeGreaterThan(3);
    expect(offered.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('has tasks that run scripts of package.json', () => {
    expect(tasks.filter(({ command }) => !/^(?:npm (?:run|test)|node scripts\/)/.test(command))).toEqual([]);
    expect(tasks.flatMap(({ command }) => unknownCommands(command))).toEqual([]);
  });

  it('finds what esbuild complains about, and when a build begins and ends', async () => {
    const stdin = { contents: 'const const = 1;', sourcefile: 'src/wrong.ts', loader: 'ts' as const };
    const { errors } = await build({ stdin, logLevel: 'silent', write: false }).catch((error: BuildFailure) => error);
    const { formatMessages } = await import('esbuild');
    const [text = ''] = await formatMessages(errors, { kind: 'error', color: false });
    const says = read('scripts/lib/buildOnSave.mjs');
    expect(esbuildMatchers.length).toBe(2);
    for (const { pattern, background } of esbuildMatchers) {
      const lines = text.split('\n').slice(0, pattern.length);
      const matches = pattern.map(({ regexp }, i) => new RegExp(regexp).exec(lines[i] ?? ''));
      const at = (key: 'file' | 'line' | 'message') =>
        pattern.flatMap((part, i) => (part[key] === undefined ? [] : [matches[i]?.[part[key]]]));
      expect([...at('file'), ...at('line'), ...at('message')]).toEqual([
        'src/wrong.ts',
        '1',
        'Expected identifier but found "const"',
      ]);
      if (background === undefined) continue;
      const printed = [...says.matchAll(/console\.log\(\s*[`'](.*)[`'],?\s*\)/g)].map(([, line = '']) => line);
      expect(
        printed.map((line) =>
          [background.beginsPattern, background.endsPattern].map((regexp) => new RegExp(regexp).test(line)),
        ),
      ).toEqual([
        [true, false],
        [false, true],
      ]);
    }
  });
});

describe('the look at commands', () => {
  it('notices scripts, suites, files and projects that do not exist', () => {
    const text =
      'npm run nothing; npm run test:unit; npm test -- unit nowhere; node scripts/none.mjs; vitest run --project none';
    expect(unknownCommands(text)).toEqual(['npm run nothing', 'node scripts/none.mjs', '--project none', 'nowhere']);
  });
});

describe('CONTRIBUTING.md', () => {
  const text = read('CONTRIBUTING.md');

  it('is linked from the README', () => {
    expect(read('README.md')).toContain('(CONTRIBUTING.md)');
  });

  it('links and names only what is there', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);
    const paths = [...text.matchAll(/(?<![\w./-])((?:src|test|scripts|docs|webview)\/[\w./-]*\w)/g)].map(
      ([, path = '']) => path,
    );
    expect(links.length).toBeGreaterThan(15);
    expect([...links, ...paths].filter((path) => !isThere(path))).toEqual([]);
  });

  it('has only commands that exist', () => {
    expect(unknownCommands(text)).toEqual([]);
  });

  it('tells about every suite', () => {
    const told = [...text.matchAll(/^\| (`.*?`) \| /gm)].flatMap(([, names = '']) =>
      [...names.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
    );
    expect(SUITES.map(({ name }) => name).filter((name) => !told.includes(name))).toEqual([]);
  });
});

describe('workflows', () => {
  const files = globSync('.github/workflows/*.yml', { cwd: ROOT });
  interface Step {
    run?: string;
    uses?: string;
    with?: Record<string, unknown>;
  }
  interface Job {
    permissions?: Record<string, string>;
    steps?: Step[];
    uses?: string;
    'runs-on'?: string;
    'timeout-minutes'?: number;
    needs?: string;
  }
  interface Workflow {
    name: string;
    on: object;
    permissions: Record<string, string>;
    jobs: Record<string, Job>;
  }
  const jobs = (file: string) => Object.entries((parseYaml(read(file)) as Workflow).jobs);

  it('are there', () => {
    expect(files.map((file) => file.replaceAll('\\', '/')).sort()).toEqual([
      '.github/workflows/ci.yml',
      '.github/workflows/release.yml',
    ]);
  });

  it.each(files)('%s is readable, bounded in time, and runs what exists', (file) => {
    expect(parseDocument(read(file), { strict: true, uniqueKeys: true }).errors).toEqual([]);
    for (const [name, { uses, steps = [], ...job }] of jobs(file)) {
      if (uses !== undefined) {
        expect(isThere(uses), uses).toBe(true);
        continue;
      }
      expect(job, name).toMatchObject({ 'runs-on': expect.any(String), 'timeout-minutes': expect.any(Number) });
      for (const step of steps) {
        expect(Number(step.run !== undefined) + Number(step.uses !== undefined)).toBe(1);
        expect(unknownCommands(step.run ?? '')).toEqual([]);
        if (step.uses !== undefined) expect(step.uses).toMatch(/^actions\/[\w-]+@v\d+$/);
      }
    }
  });

  it.each(files)('%s may read, and more only where no code of the repository runs', (file) => {
    expect((parseYaml(read(file)) as Workflow).permissions).toEqual({ contents: 'read' });
    for (const [, { permissions, steps = [] }] of jobs(file)) {
      if (permissions !== undefined)
        expect(
          steps.filter(
            ({ uses, run }) => uses?.startsWith('actions/checkout') || /\bnpm\b|\bnode\b|\.ci\//.test(run ?? ''),
          ),
        ).toEqual([]);
      for (const { uses, with: options } of steps)
        if (uses?.startsWith('actions/checkout')) expect(options).toEqual({ 'persist-credentials': false });
    }
  });

  it('put no text of an event or secret into a script', () => {
    const scripts = files.flatMap((file) =>
      jobs(file).flatMap(([, { steps = [] }]) => steps.flatMap(({ run }) => run ?? [])),
    );
    expect(scripts.length).toBeGreaterThan(5);
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });
});

describe('the dev container', () => {
  const container = readJsonc('.devcontainer/devcontainer.json') as {
    build: { dockerfile: string; context: string };
    postCreateCommand: string;
    customizations: { vscode: { extensions: string[] } };
  };

  it('is built of files that are there and of the list that setup uses', () => {
    const dockerfile = read(join('.devcontainer', container.build.dockerfile));
    const copied = [...dockerfile.matchAll(/^COPY (\S+)/gm)].map(([, file = '']) =>
      join('.devcontainer', container.build.context, file),
    );
    expect(copied).toEqual([join('scripts', 'debian-packages.txt')]);
    expect(copied.every(isThere)).toBe(true);
    expect(unknownCommands(container.postCreateCommand)).toEqual([]);
  });

  it('has the extensions that are recommended', () => {
    expect(container.customizations.vscode.extensions).toEqual(
      (readJsonc('.vscode/extensions.json') as { recommendations: string[] }).recommendations,
    );
  });
});

describe('.editorconfig', () => {
  const sections = readEditorConfig(read('.editorconfig'));
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 50_000_000 })
      .split('\0')
      .filter((file) => file !== '' && isThere(file));

  it('says how every text file of the repository is written', () => {
    const wrong = git('ls-files', '-z').flatMap((file) => {
      const text = read(file);
      if (text.includes('\0') || text === '') return [];
      const wanted = wantedOf(sections, file);
      return [
        ...(wanted['insert_final_newline'] === 'true' && !text.endsWith('\n')
          ? [`${file} has no newline at its end`]
          : []),
        ...(wanted['end_of_line'] === 'lf' && text.includes('\r\n') ? [`${file} has CRLF`] : []),
        ...(wanted['trim_trailing_whitespace'] === 'true' && /[ \t]$/m.test(text)
          ? [`${file} has blanks at the end of a line`]
          : []),
        ...(wanted['indent_style'] === 'space' && /^\t/m.test(text) ? [`${file} has tabs`] : []),
        ...(indentsBy(text, Number(wanted['indent_size']))
          ? []
          : [`${file} is not indented by ${wanted['indent_size']}`]),
      ];
    });
    expect(wrong).toEqual([]);
  });
});

describe('the package', () => {
  it('holds nothing of all this', () => {
    const allowed = read('.vscodeignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(allowed[0]).toBe('**');
    expect(
      allowed
        .slice(1)
        .filter((line) => !line.startsWith('!') || line.startsWith('!.') || line.includes('CONTRIBUTING')),
    ).toEqual([]);
  });
});

describe('links between these files', () => {
  it.each(['CONTRIBUTING.md', 'README.md', 'SECURITY.md', ...globSync('docs/*.md', { cwd: ROOT })])('%s', (file) => {
    const targets = [...read(file).matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) =>
      join(dirname(file), target),
    );
    expect(targets.filter((target) => !isThere(target))).toEqual([]);
  });
});
