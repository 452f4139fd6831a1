import type { NodeRole } from '../../k3s/nodeRole';
import { configOf, optionOfLine, readConfigFile, type ConfigFile } from './configFile';
import { fromConfigFile } from './machineFiles';
import type { InstallCommand } from './installCommand';
import { readYaml, recordOf } from './yamlText';

/** Which machines a configuration is for, as a comment, a title or the name of a file says. */
interface Label {
  readonly role?: NodeRole;
  readonly machines: number;
}

/** A configuration among several. */
interface Section {
  readonly label: string;
  readonly config: ConfigFile;
}

/** Lines between blank lines, comments and `---`, with the comment above them. */
interface Paragraph {
  readonly label: string;
  readonly lines: string[];
  /** A document begins with it. */
  readonly begins: boolean;
}

function paragraphsOf(text: string): readonly Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let comments: string[] = [];
  let begins = false;
  let open = false;
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const comment = /^\s*#\s?(.*)$/.exec(line)?.[1];
    if (comment !== undefined || line.trim() === '' || line.startsWith('---')) {
      if (open) comments = [];
      open = false;
      begins ||= line.startsWith('---');
      comments.push(comment ?? '');
    } else if (open) paragraphs.at(-1)?.lines.push(line);
    else {
      paragraphs.push({ label: comments.join(' ').trim(), lines: [line], begins });
      begins = false;
      open = true;
    }
  }
  return paragraphs;
}

/** Configurations that stand one below the other: a key that comes again begins the next one. Empty when a part is none. */
function sectionsOf(text: string): readonly Section[] {
  if (!text.split('\n').some((line) => optionOfLine(line) !== undefined)) return [];
  const sections: { readonly label: string; readonly lines: string[]; readonly keys: Set<string> }[] = [];
  for (const { label, lines, begins } of paragraphsOf(text)) {
    const last = sections.at(-1);
    const again = lines.some((line) => last?.keys.has(optionOfLine(line) ?? '') === true);
    if (last === undefined || begins || again) sections.push({ label, lines: [], keys: new Set() });
    for (const line of lines) {
      const key = optionOfLine(line);
      if (key !== undefined && sections.at(-1)?.keys.has(key) === true)
        sections.push({ label: '', lines: [], keys: new Set() });
      sections.at(-1)?.lines.push(line);
      if (key !== undefined) sections.at(-1)?.keys.add(key);
    }
  }
  const read = sections.map(({ label, lines }) => ({ label, config: readConfigFile(lines.join('\n')) }));
  return read.every((section): section is Section => section.config !== undefined) ? read : [];
}

/** `server1: { cluster-init: true, … }`: configurations below the names of their machines. */
function namedSections(text: string): readonly Section[] {
  const record = recordOf(readYaml(text));
  if (record === undefined) return [];
  const sections = Object.entries(record).map(([label, value]) => ({ label, config: configOf(value) }));
  return sections.length > 0 && sections.every((section): section is Section => section.config !== undefined)
    ? sections
    : [];
}

/** The machines of a text that is one configuration of K3s or several; empty when it is not. */
export function machinesOfConfigs(written: string, name = ''): readonly InstallCommand[] {
  // A line such as `Server 2 and 3:` is a title, and no key of K3s has a blank.
  const text = written.replace(/^(?=[^\s#'"{[-])([^:\n]*[ \t][^:\n]*):[ \t]*$/gm, '# $1');
  const whole = readConfigFile(text);
  const sections = whole !== undefined ? [{ label: firstComment(text), config: whole }] : [...sectionsOf(text)];
  const found = sections.length > 0 ? sections : namedSections(text);
  return found.flatMap(({ label, config }) => {
    const { role, machines } = labelOf(label, name);
    return Array.from({ length: machines }, (_none, index) =>
      fromConfigFile(index === 0 ? config : { ...config, notes: [] }, role),
    );
  });
}

function firstComment(text: string): string {
  return /^\s*#\s?(.*)/.exec(text)?.[1] ?? '';
}

const ROLE =
  /\b(servers?|masters?|control[- ]?planes?|managers?|agents?|workers?|nodes?)[\s_-]*(\d+)?((?:\s*(?:,|&|\+|\/|-|–|\.\.|and|to|und|bis|和|到|、)\s*(?:servers?|masters?|agents?|workers?|nodes?)?[\s_-]*\d+)*)/i;

const ORDINALS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:second|2nd|zweite[rns]?)\b|第二/gi, '2'],
  [/\b(?:third|3rd|dritte[rns]?)\b|第三/gi, '3'],
];

/** How many machines words name by numbers, such as `node2 and node3` or `the second and third servers`; 0 when they name none. */
export function machinesNamed(words: string): number {
  const text = ORDINALS.reduce((rest, [word, digit]) => rest.replace(word, digit), words);
  const turned = text.replace(
    /\b(\d)((?:\s*(?:,|&|and|und|和|、)\s*\d)*)\s*(servers?|masters?|nodes?|agents?|workers?|control[- ]?planes?)\b/gi,
    '$3 $1$2',
  );
  const named = [...turned.matchAll(new RegExp(ROLE, 'gi'))].map(([each]) => labelOf(each, '').machines);
  return Math.max(0, ...named);
}

/** `server2 & 3`, `agents 1-4`, `server-2.yaml` */
function labelOf(comment: string, name: string): Label {
  const match = ROLE.exec(comment) ?? ROLE.exec(name.replace(/^.*\//, ''));
  if (match === null) return { machines: 1 };
  const word = (match[1] ?? '').toLowerCase();
  const role: NodeRole | undefined = /^(?:agent|worker)/.test(word)
    ? 'agent'
    : /^node/.test(word)
      ? undefined
      : 'server';
  const numbers = [match[2], ...((match[3] ?? '').match(/\d+/g) ?? [])]
    .filter((each) => each !== undefined)
    .map(Number);
  const [first = 1, second] = numbers;
  const isRange = numbers.length === 2 && second !== undefined && /-|–|\.\.|to|bis|到/.test(match[3] ?? '');
  const machines = isRange ? Math.abs(second - first) + 1 : Math.max(numbers.length, 1);
  return { ...(role === undefined ? {} : { role }), machines: Math.min(machines, 100) };
}
