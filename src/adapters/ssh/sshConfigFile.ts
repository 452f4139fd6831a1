import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, sep } from 'node:path';
import { matchesPatterns, matchesWildcards } from './knownHosts';

/** One setting that applies to a host; the first one of a keyword wins. */
export interface ConfigLine {
  /** Lower case. */
  readonly keyword: string;
  readonly value: string;
}

interface Environment {
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (message: string) => void;
}

const MAX_INCLUDE_DEPTH = 16;

/**
 * The settings for `host` from ~/.ssh/config and the system-wide file, for machines without an ssh program.
 * Understands Host and Include. `Match` blocks other than `Match all` are left out with a warning: their conditions
 * may run commands, which only ssh itself may do.
 */
export async function readSshConfigFiles(host: string, environment: Environment): Promise<readonly ConfigLine[]> {
  const { homeDir, env } = environment;
  const userFile = join(homeDir, '.ssh', 'config');
  const systemFile =
    process.platform === 'win32'
      ? join(env['ProgramData'] ?? String.raw`C:\ProgramData`, 'ssh', 'ssh_config')
      : '/etc/ssh/ssh_config';
  const lines: ConfigLine[] = [];
  for (const file of [userFile, systemFile])
    await readInto(lines, file, { host, active: true, depth: 0, folder: dirname(file), environment });
  return lines.map((line) =>
    line.keyword === 'hostname' ? { ...line, value: line.value.replaceAll('%h', host).replaceAll('%%', '%') } : line,
  );
}

interface ReadState {
  readonly host: string;
  readonly active: boolean;
  readonly depth: number;
  /** Base of relative Include paths. */
  readonly folder: string;
  readonly environment: Environment;
}

async function readInto(lines: ConfigLine[], file: string, state: ReadState): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined || state.depth > MAX_INCLUDE_DEPTH) return;
  let active = state.active;
  for (const raw of text.split(/\r?\n/)) {
    const match = /^\s*([A-Za-z][\w-]*)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(raw);
    if (match === null) continue;
    const keyword = (match[1] ?? '').toLowerCase();
    const words = splitWords(match[2] ?? '');
    if (keyword === 'host') active = state.active && matchesPatterns(words, state.host);
    else if (keyword === 'match') {
      active = state.active && words.length === 1 && words[0]?.toLowerCase() === 'all';
      if (!active)
        state.environment.onWarning(
          `${file}: a Match block is ignored because no ssh program was found to evaluate it.`,
        );
    } else if (keyword === 'include') {
      for (const included of await includedFiles(words, state))
        await readInto(lines, included, { ...state, active, depth: state.depth + 1 });
    } else if (active)
      lines.push({ keyword, value: MULTIPLE.has(keyword) ? words.join(' ') : valueOf(keyword, match[2] ?? '', words) });
  }
}

/** Keywords whose value is a list of words. */
const MULTIPLE = new Set(['userknownhostsfile', 'globalknownhostsfile']);

/** ProxyCommand is a whole command line; everything else is one word, quoted or not. */
function valueOf(keyword: string, text: string, words: readonly string[]): string {
  return keyword === 'proxycommand' ? text : (words[0] ?? '');
}

function splitWords(text: string): readonly string[] {
  const words = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  const comment = words.findIndex((word) => word.startsWith('#'));
  return comment < 0 ? words : words.slice(0, comment);
}

async function includedFiles(
  patterns: readonly string[],
  { folder, environment }: ReadState,
): Promise<readonly string[]> {
  const files: string[] = [];
  for (const pattern of patterns) {
    const home = /^~(?=[/\\])/.test(pattern) ? environment.homeDir + pattern.slice(1) : pattern;
    files.push(...(await expandGlob(isAbsolute(home) ? home : join(folder, home))));
  }
  return files;
}

/** Files that match a path whose segments may hold `*` and `?`, in name order. */
async function expandGlob(pattern: string): Promise<readonly string[]> {
  const { root } = parse(pattern);
  let found: readonly string[] = [root];
  for (const segment of pattern
    .slice(root.length)
    .split(/[/\\]/)
    .filter((part) => part !== '')) {
    if (!/[*?]/.test(segment)) {
      found = found.map((folder) => join(folder, segment));
      continue;
    }
    const next: string[] = [];
    for (const folder of found) {
      const names = await readdir(folder).catch(() => []);
      next.push(
        ...names
          .filter((name) => matchesWildcards(segment, name) && !name.startsWith('.'))
          .sort()
          .map((name) => `${folder}${folder.endsWith(sep) ? '' : sep}${name}`),
      );
    }
    found = next;
  }
  return found;
}
