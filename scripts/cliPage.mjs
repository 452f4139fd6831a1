import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const SECTION = /^## Commands\n[^]*?(?=^## )/m;

/** docs/cli.md with its section of commands as the registry of the command line has them. */
export async function renderCliPage(page) {
  if (!SECTION.test(page)) throw new Error('docs/cli.md has no section "## Commands" with another one after it');
  const commands = await loadCommands();
  return page.replace(SECTION, () => section(commands));
}

/** The commands are TypeScript; bundled they can be imported from memory. */
async function loadCommands() {
  const result = await build({
    stdin: {
      contents: `export { COMMANDS } from './src/cli/commands/registry';`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    // Some packages in it require modules of Node, which a module from memory cannot do by itself.
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire('file:///');` },
    external: [
      './ssh.js',
      './kube.js',
      './releases.js',
      './objects.js',
      './archives.js',
      './databases.js',
      './imports.js',
    ],
    write: false,
    logLevel: 'error',
  });
  const { COMMANDS } = await import(
    `data:text/javascript;base64,${Buffer.from(result.outputFiles[0].contents).toString('base64')}`
  );
  return COMMANDS;
}

function section(commands) {
  const lines = [
    '## Commands',
    '',
    '<!-- Generated from src/cli/commands by scripts/generate.mjs; change the commands instead. -->',
    '',
    ...commands.flatMap(({ name, argument, summary, options, examples }) => [
      `### \`k3s-ha ${name} ${argument}\``,
      '',
      `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
      '',
      '```',
      ...examples.flatMap(({ line, does }) => [`# ${does}`, line]),
      '```',
      '',
      '| Option | |',
      '| --- | --- |',
      ...Object.entries(options).map(([option, about]) => row(option, about)),
      '',
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function row(name, { short, value, help, preset, repeats }) {
  const names = [...(short === undefined ? [] : [`-${short}`]), `--${name}${value === undefined ? '' : ` ${value}`}`];
  const more = `${preset === undefined ? '' : ` (\`${preset}\`)`}${repeats === true ? '; may be repeated' : ''}`;
  return `| ${names.map((each) => `\`${each}\``).join(', ')} | ${cell(help)}${more} |`;
}

/** Text of a cell: nothing in it is Markdown or HTML. */
function cell(text) {
  return text.replaceAll(/[<>|*_`]/g, '\\$&');
}
