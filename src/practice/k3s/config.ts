import { parseAllDocuments } from 'yaml';
import { err, ok, type Result } from '../../core/base/result';
import type { NodeRole } from '../../core/k3s/nodeRole';
import { type PracticeHost, type UnitName, environmentPath, unitText } from '../machine/host';
import { COMMA_FLAGS, FLAG_ALIASES, FLAG_ENVIRONMENT, isKnownFlag, SECRET_FLAGS, SWITCHES } from './flags';

/** What a K3s process was told by its command line, its config files and its environment. */
export interface K3sConfig {
  readonly role: NodeRole;
  /** Last value of an option, as text. */
  text(name: string): string | undefined;
  /** All values of an option; comma lists are split where K3s does so. */
  list(name: string): readonly string[];
  flag(name: string): boolean;
  readonly warnings: readonly string[];
  /** As K3s shows it in the annotation k3s.io/node-args: secrets masked. */
  readonly nodeArgs: readonly string[];
  readonly nodeEnv: Readonly<Record<string, string>>;
}

const CONFIG_FILE = '/etc/rancher/k3s/config.yaml';
const MASK = '********';

/** Reads the configuration like `k3s` does at its start; the error is the text of K3s's fatal message. */
export function loadConfig(host: PracticeHost, unit: UnitName): Result<K3sConfig, string> {
  const [command = unit === 'k3s' ? 'server' : 'agent', ...args] = commandOf(host, unit);
  const role: NodeRole = command === 'agent' ? 'agent' : 'server';
  const env = environmentOf(host, unit);
  const files = readConfigFiles(host, env['K3S_CONFIG_FILE'] ?? CONFIG_FILE);
  if (!files.ok) return files;

  const values = new Map<string, string[]>();
  const nodeArgs: string[] = [role];
  const warnings: string[] = [];
  const add = (name: string, value: string): void => {
    values.set(name, [...(values.get(name) ?? []), value]);
    nodeArgs.push(`--${name}`, SECRET_FLAGS.has(name) ? MASK : value);
  };
  for (const [written, list] of files.value) {
    const name = FLAG_ALIASES[written] ?? written;
    if (!isKnownFlag(role, name)) {
      // A server filters its config file against the flags it knows, an agent does not.
      if (role === 'agent') return err(`Error: flag provided but not defined: -${written}`);
      warnings.push(`Unknown flag --${written} found in config.yaml, skipping\n`);
      continue;
    }
    for (const value of list) add(name, value);
  }
  const given = readArguments(args);
  for (const [written, value] of given) {
    const name = FLAG_ALIASES[written] ?? written;
    if (!isKnownFlag(role, name)) return err(`Error: flag provided but not defined: -${written}`);
    add(name, value);
  }
  const nodeEnv: Record<string, string> = {};
  for (const [variable, value] of Object.entries(env)) {
    const name = FLAG_ENVIRONMENT[variable];
    if (variable.startsWith('K3S_')) nodeEnv[variable] = name !== undefined && SECRET_FLAGS.has(name) ? MASK : value;
    if (name !== undefined && value !== '' && !values.has(name) && isKnownFlag(role, name)) values.set(name, [value]);
  }
  return ok({
    role,
    text: (name) => values.get(name)?.at(-1),
    list: (name) => {
      const all = values.get(name) ?? [];
      return COMMA_FLAGS.has(name)
        ? all
            .flatMap((value) => value.split(','))
            .map((value) => value.trim())
            .filter((value) => value !== '')
        : all;
    },
    flag: (name) => ['true', '1', 't', 'T', 'TRUE', 'True'].includes(values.get(name)?.at(-1) ?? ''),
    warnings,
    nodeArgs,
    nodeEnv,
  });
}

/** The words after the binary in the unit's ExecStart, continuation lines joined. */
function commandOf(host: PracticeHost, unit: UnitName): string[] {
  const text = unitText(host, unit).replaceAll(/\\\n/g, ' ');
  const line = /^ExecStart=(.*)$/m.exec(text)?.[1] ?? '';
  const words = line.match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  return words.slice(1).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'));
}

/** The variables of the unit's environment file. */
function environmentOf(host: PracticeHost, unit: UnitName): Record<string, string> {
  const env: Record<string, string> = {};
  for (const line of (host.files.get(environmentPath(host, unit))?.content ?? '').split('\n')) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match?.[1] !== undefined) env[match[1]] = (match[2] ?? '').trim().replace(/^(['"])(.*)\1$/, '$2');
  }
  return env;
}

/** Options of config.yaml and its drop-ins, in the order K3s reads them: `key+` appends, a plain key replaces. */
function readConfigFiles(host: PracticeHost, main: string): Result<Map<string, string[]>, string> {
  const merged = new Map<string, string[]>();
  const dropIns = host.files.below(`${main}.d`).filter((path) => /\.ya?ml$/i.test(path));
  for (const path of [main, ...dropIns]) {
    const file = host.files.get(path);
    if (file === undefined) continue;
    const data = readYaml(file.content);
    if (!data.ok) return err(`yaml: ${data.error}`);
    for (const [key, value] of Object.entries(data.value)) {
      const list = (Array.isArray(value) ? value : [value]).map(asText);
      if (key.endsWith('+')) {
        const name = key.slice(0, -1);
        merged.set(name, [...(merged.get(name) ?? []), ...list]);
      } else merged.set(key, list);
    }
  }
  return ok(merged);
}

/** K3s reads by YAML 1.1: an unquoted 0644 is the number 420, and `yes` is true. */
function readYaml(text: string): Result<Record<string, unknown>, string> {
  const document = parseAllDocuments(text, { version: '1.1', logLevel: 'silent' })[0];
  const first = document !== undefined && 'errors' in document ? document.errors[0] : undefined;
  if (first !== undefined)
    return err(`line ${first.linePos?.[0].line ?? 1}: ${first.code.toLowerCase().replaceAll('_', ' ')}`);
  const data: unknown = document?.toJS();
  if (data === null || data === undefined) return ok({});
  if (typeof data !== 'object' || Array.isArray(data)) return err('unmarshal errors: the document is not a map');
  return ok(data as Record<string, unknown>);
}

function asText(value: unknown): string {
  return value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value as string | number | boolean);
}

/** `--name=value`, `--name value` and bare `--name` (true). */
function readArguments(args: readonly string[]): [string, string][] {
  const result: [string, string][] = [];
  for (let i = 0; i < args.length; i += 1) {
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(args[i] ?? '');
    if (match?.[1] === undefined) continue;
    const next = args[i + 1];
    if (match[2] !== undefined) result.push([match[1], match[2]]);
    else if (next !== undefined && !next.startsWith('-') && !SWITCHES.has(match[1])) {
      result.push([match[1], next]);
      i += 1;
    } else result.push([match[1], 'true']);
  }
  return result;
}
