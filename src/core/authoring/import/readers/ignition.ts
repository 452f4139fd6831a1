import { dataUrlText, decodedText } from '../encodedText';
import type { Reading, SourceText } from '../installCommand';
import { quotedList } from '../quoted';
import { InstallRun } from '../shell/installRun';
import { leftNote, shellQuoted } from '../shell/readShell';
import { shellText } from '../shell/shellText';
import { listOf, readYaml, recordOf, scalarOf } from '../yamlText';
import type { Reader } from './reader';
import { startsK3s, unitOf } from './systemdUnit';

type Data = Readonly<Record<string, unknown>>;

/** Butane, and the Ignition that it becomes: files and units of a machine. https://coreos.github.io/butane/specs/ */
export const ignition: Reader = {
  name: 'a Butane or Ignition file',
  claims: ({ text }) =>
    (/^variant[ \t]*:[ \t]*["']?(?:fcos|flatcar|openshift|r4e|fiot)/m.test(text) || /"ignition"\s*:\s*\{/.test(text)) &&
    recordOf(readYaml(text)) !== undefined,
  read(sources) {
    const read = sources.map(readOne);
    return { commands: read.flatMap(({ commands }) => commands), notes: read.flatMap(({ notes }) => notes) };
  },
};

function readOne({ text }: SourceText): Reading {
  const data = recordOf(readYaml(text)) ?? {};
  const run = new InstallRun();
  const left: string[] = [];
  let hostname: string | undefined;
  for (const entry of listOf(recordOf(data['storage'])?.['files'])) {
    const file = recordOf(entry) ?? {};
    const path = scalarOf(file['path']) ?? '';
    const content = contentOf(file);
    if (path === '/etc/hostname' && content !== undefined) hostname = content.trim();
    else if (content === undefined) left.push(`${path}: ${JSON.stringify(file['contents'] ?? {})}`);
    else run.file(path, content);
  }
  for (const entry of listOf(recordOf(data['systemd'])?.['units'])) {
    const unit = recordOf(entry) ?? {};
    const parts = [unit['contents'], ...listOf(unit['dropins']).map((dropIn) => recordOf(dropIn)?.['contents'])];
    const content = parts.flatMap((part) => scalarOf(part) ?? []).join('\n');
    const started = [...content.matchAll(/^[ \t]*ExecStart[ \t]*=[ \t]*[-@:+!]*(.*k3s.*)$/gm)];
    if (startsK3s(content)) {
      const { args, variables } = unitOf(content);
      const assigned = Object.entries(variables).map(([name, value]) => `${name}=${shellQuoted(value)}`);
      run.shell([...assigned, 'k3s', ...(args.length === 0 ? ['server'] : args.map(shellQuoted))].join(' '));
    } else if (started.length > 0) for (const [, line = ''] of started) run.shell(shellText(line));
    else left.push(`${scalarOf(unit['name']) ?? 'unit'}: ${content}`);
  }
  const reading = run.finish();
  const others = Object.entries(data).filter(([key]) => !/^(?:variant|version|ignition|storage|systemd)$/.test(key));
  return {
    ...reading,
    commands: reading.commands.map((command) =>
      hostname === undefined ? command : { ...command, options: { 'node-name': hostname, ...command.options } },
    ),
    notes: [
      ...reading.notes,
      ...leftNote(run.left),
      ...(left.length + others.length === 0
        ? []
        : [
            `Parts that prepare the machine, and were not taken over: ${quotedList([...left, ...others.map(([key, value]) => `${key}: ${JSON.stringify(value)}`)])}.`,
          ]),
    ],
  };
}

/** What a file holds; undefined when it is fetched from elsewhere or is no text. */
function contentOf(file: Data): string | undefined {
  const contents = recordOf(file['contents']);
  const parts = [contents, ...listOf(file['append']).map(recordOf)].filter((part) => part !== undefined);
  const texts = parts.map((part) => {
    const inline = scalarOf(part['inline']);
    const source = scalarOf(part['source']);
    if (inline !== undefined) return inline;
    if (source === undefined) return undefined;
    // Packed content is always in Base64 as well.
    return scalarOf(part['compression']) === 'gzip' ? decodedText(source.replace(/^[^,]*,/, '')) : dataUrlText(source);
  });
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts.join('\n') : undefined;
}
