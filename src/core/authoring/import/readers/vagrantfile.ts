import { replaceHereDocs } from '../hereDocs';
import type { InstallCommand, SourceText } from '../installCommand';
import { quotedList } from '../quoted';
import { readingsTogether, readShell } from '../shell/readShell';
import type { Reader } from './reader';

/** Machines that one definition in a loop makes at most. */
const MOST_MACHINES = 100;
const TEXT = /^[ \t]*(\w+)[ \t]*=[ \t]*(?:ENV\[[^\]]*\][ \t]*\|\|[ \t]*)?["']([^"'\n]*)["'][ \t]*$/gm;

/** A Vagrantfile: its provisioners are shell text, machine by machine. https://developer.hashicorp.com/vagrant/docs/provisioning/shell */
export const vagrantfile: Reader = {
  name: 'a Vagrantfile',
  claims: ({ text }) => /^[ \t]*Vagrant\.configure\b/m.test(text) || /\.vm\.provision\b/.test(text),
  read(sources) {
    const machines = sources.flatMap(machinesIn);
    const reading = readingsTogether(
      machines.flatMap(({ host, name, text }) => {
        const reading = readShell({ text });
        return reading === undefined
          ? []
          : { ...reading, commands: reading.commands.map((command) => onMachine(command, host, name)) };
      }),
    );
    // A text that no definition refers to by a plain name, such as one that is handed over in a loop over a hash.
    const contents: string[] = [];
    for (const { text } of sources)
      replaceHereDocs(text, (_before, content) => {
        contents.push(content);
        return '';
      });
    const left = contents.filter(
      (content) => /k3s/i.test(content) && !machines.some(({ from }) => from.includes(content)),
    );
    if (reading === undefined || left.length === 0) return reading;
    const note = `No machine that is defined plainly in the Vagrantfile runs this, so it was not taken over: ${quotedList(left)}.`;
    return { ...reading, notes: [...reading.notes, note] };
  },
};

interface Machine {
  readonly text: string;
  /** The texts that it is made of, as they are written. */
  readonly from: readonly string[];
  readonly host: string | undefined;
  readonly name: string | undefined;
}

function onMachine(command: InstallCommand, host: string | undefined, name: string | undefined): InstallCommand {
  return {
    ...command,
    options: { ...(name === undefined ? {} : { 'node-name': name }), ...command.options },
    ssh: { user: 'vagrant', ...command.ssh },
    ...(host === undefined || command.host !== undefined ? {} : { host }),
  };
}

/** The definitions with what each runs; a text without one is about one machine. */
function machinesIn({ text }: SourceText): readonly Machine[] {
  const texts = new Map<string, string>();
  const kept = replaceHereDocs(text, (before, content) => {
    texts.set(`HERE${texts.size}`, content);
    return `${before}HERE${texts.size - 1}`;
  });
  for (const [, name = '', value = ''] of kept.matchAll(TEXT)) texts.set(name, value);
  for (const [, name = '', at = ''] of kept.matchAll(/^[ \t]*(\w+)[ \t]*=[ \t]*(HERE\d+)/gm))
    texts.set(name, texts.get(at) ?? '');
  const [head = '', ...definitions] = kept.split(/^(?=.*\.vm\.define\b)/m);
  const found = definitions.length === 0 ? [head] : definitions;
  return found.flatMap((definition, index) => {
    const before = index === 0 ? head : (found[index - 1] ?? '');
    return turnsOf(before).flatMap((turn) => machine(definition, new Map([...texts, ...turn])));
  });
}

/** The values of the variable of the loop that a definition stands in: `(1..3).each do |i|`. */
function turnsOf(before: string): readonly (readonly (readonly [string, string])[])[] {
  const [, from, to, name = ''] =
    /\(?(\d+)\.\.(\w+)\)?\.each\s+(?:do\s+|\{\s*)\|(\w+)\|\s*$/.exec(before.trimEnd()) ?? [];
  const last = Number(to ?? NaN);
  if (from === undefined || Number.isNaN(last)) return [[]];
  const count = Math.max(0, Math.min(last - Number(from) + 1, MOST_MACHINES));
  return Array.from({ length: count }, (_none, index) => [[name, String(Number(from) + index)] as const]);
}

function machine(definition: string, texts: ReadonlyMap<string, string>): readonly Machine[] {
  const known = (written: string | undefined): string | undefined =>
    written === undefined
      ? undefined
      : /^["']/.test(written)
        ? filled(written.slice(1, -1), texts)
        : texts.get(written);
  const from = [
    ...definition.matchAll(/(?:\binline|\.inline)[ \t]*(?:[:=]>?)[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|\w+)/g),
  ].map(([, written = '']) => (/^["']/.test(written) ? written.slice(1, -1) : (texts.get(written) ?? '')));
  if (from.length === 0) return [];
  const value = String.raw`("[^"]*"|'[^']*'|\w+)`;
  return [
    {
      text: from.map((each) => filled(each, texts)).join('\n'),
      from,
      host: known(new RegExp(String.raw`\bip:?[ \t]*(?:=>)?[ \t]*${value}`).exec(definition)?.[1]),
      name: known(new RegExp(String.raw`\.vm\.(?:hostname[ \t]*=|define)[ \t]*${value}`).exec(definition)?.[1]),
    },
  ];
}

/** `#{name}` with its value; what is computed stays as a placeholder. */
function filled(text: string, texts: ReadonlyMap<string, string>): string {
  return text.replace(/#\{([^{}]*)\}/g, (_all, inner: string) => {
    const sum = /^(\w+)[ \t]*\+[ \t]*(\d+)$/.exec(inner.trim()) ?? /^(\d+)[ \t]*\+[ \t]*(\w+)$/.exec(inner.trim());
    const terms = (sum?.slice(1) ?? []).map((term) => Number(texts.get(term) ?? term));
    if (terms.length === 2 && terms.every((term) => !Number.isNaN(term)))
      return String((terms[0] ?? 0) + (terms[1] ?? 0));
    return texts.get(inner.trim()) ?? `<${inner.replace(/[<>"'|;&$()`=]/g, ' ').trim()}>`;
  });
}
