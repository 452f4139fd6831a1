import { parseDocument } from '../../document/parse';
import { isOptionOf, K3S_OPTIONS } from '../../k3s/options';
import type { OptionValue } from './installCommand';

/** What a configuration file of K3s gives: options by their names, and what was not understood. */
export interface ConfigFile {
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly notes: readonly string[];
  /** From the options that only one role has; undefined where both have all of them. */
  readonly role: 'server' | 'agent' | undefined;
}

/** Part of a text that a shell would write to K3s's configuration file. */
interface HereDocument {
  readonly content: string;
  /** Offset behind it. */
  readonly end: number;
}

/** Reads the text of a `config.yaml` of K3s; undefined when it is not one. https://docs.k3s.io/installation/configuration#configuration-file */
export function readConfigFile(text: string): ConfigFile | undefined {
  // Most texts that are asked about are prose or shell; a configuration has a key at the start of a line.
  if (!/^["']?[a-z][a-z0-9-]*\+?["']?[ \t]*:/m.test(text)) return undefined;
  const { data, syntaxProblems } = parseDocument(text);
  if (syntaxProblems.length > 0 || typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const entries = Object.entries(data as Record<string, unknown>).map(([key, value]) => ({
    name: key.replace(/\+$/, ''),
    value,
  }));
  const known = entries.filter(({ name }) => Object.hasOwn(K3S_OPTIONS, name));
  // Our own file has a token and servers, too; mostly unknown keys are another kind of file.
  if (known.length === 0 || known.length * 2 < entries.length) return undefined;
  const options: Record<string, OptionValue> = {};
  const notes: string[] = [];
  for (const { name, value } of entries) {
    const read = optionValue(value);
    if (!Object.hasOwn(K3S_OPTIONS, name)) notes.push(`${name} is no option of K3s and was passed over.`);
    else if (read === undefined) notes.push(`${name} has no value that K3s could use and was passed over.`);
    else options[name] = read;
  }
  const has = (role: 'server' | 'agent', other: 'server' | 'agent'): boolean =>
    known.some(({ name }) => isOptionOf(role, name) && !isOptionOf(other, name));
  return { options, notes, role: has('server', 'agent') ? 'server' : has('agent', 'server') ? 'agent' : undefined };
}

/** `cat > /etc/rancher/k3s/config.yaml <<EOF … EOF` and its relatives, in their order. */
export function hereDocuments(text: string): readonly HereDocument[] {
  const pattern =
    /^[^\n#]*config\.ya?ml[^\n]*<<-?[ \t]*(['"]?)(\w+)\1[^\n]*\n([\s\S]*?)\n[ \t]*\2[ \t]*$|^[^\n#]*<<-?[ \t]*(['"]?)(\w+)\4[^\n]*config\.ya?ml[^\n]*\n([\s\S]*?)\n[ \t]*\5[ \t]*$/gm;
  return [...text.replace(/\r\n?/g, '\n').matchAll(pattern)].map((match) => ({
    content: match[3] ?? match[6] ?? '',
    end: match.index + match[0].length,
  }));
}

function optionValue(value: unknown): OptionValue | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return undefined;
  const items = value.filter((item) => ['string', 'number', 'boolean'].includes(typeof item)).map(String);
  return items.length === value.length ? items : undefined;
}
