import { readFile } from 'node:fs/promises';
import { matchesPatterns } from './knownHosts';
import type { ConfigLine } from './sshConfigFile';

/** What ssh said about one host, and which files it read for that. */
export interface SshAnswer {
  readonly lines: readonly ConfigLine[];
  readonly files: readonly string[];
}

/** Answers of ssh that hold for other hosts as well, so that not every one of hundreds costs a process. */
export interface SharedAnswers {
  /** What ssh would say about `host`, as far as that follows from what it said about another one a moment ago. */
  find(host: string): readonly ConfigLine[] | undefined;
  keep(host: string, answer: SshAnswer): Promise<void>;
}

/** How long an answer is believed, in milliseconds: a look at many hosts asks all at once, and an edit is to count at once. */
const BELIEVED_MS = 3_000;
/** So many groups of hosts are told apart; the hosts of others are asked for one by one. */
const GROUPS = 8;
/** Names that ssh leaves as they are. */
const PLAIN_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

interface Group {
  readonly until: number;
  /** The patterns of every `Host` line that decided, with whether they matched. */
  readonly blocks: readonly { readonly patterns: readonly string[]; readonly matched: boolean }[];
  readonly lines: readonly ConfigLine[];
  /** As it is written: what ssh said is the path of one host. */
  readonly controlPath: string | undefined;
}

/** `now` tells milliseconds that only go on. */
export function createSharedAnswers(now: () => number): SharedAnswers {
  let groups: readonly Group[] = [];
  return {
    find(host) {
      groups = groups.filter(({ until }) => until > now());
      const group = PLAIN_NAME.test(host)
        ? groups.find(({ blocks }) =>
            blocks.every(({ patterns, matched }) => matchesPatterns(patterns, host) === matched),
          )
        : undefined;
      return group?.lines.map((line) =>
        namesHost(line)
          ? { ...line, value: host }
          : line.keyword === 'controlpath'
            ? { ...line, value: group.controlPath ?? line.value }
            : line,
      );
    },
    async keep(host, { lines, files }) {
      if (groups.length >= GROUPS || !PLAIN_NAME.test(host)) return;
      if (lines.some((line) => namesHost(line) && line.value !== host)) return;
      const read = await hostBlocks(files);
      if (read === undefined) return;
      const { blocks, controlPath } = read;
      const matched = blocks.map((patterns) => ({ patterns, matched: matchesPatterns(patterns, host) }));
      groups = [...groups, { until: now() + BELIEVED_MS, blocks: matched, lines, controlPath }];
    },
  };
}

function namesHost({ keyword }: ConfigLine): boolean {
  return keyword === 'host' || keyword === 'hostname';
}

/** Whatever may make of two hosts something else although the same `Host` lines hold for them. */
const BY_ITSELF = /^(?:match|canonical.*|hostname)$/;
/** Not asked for here, or filled in here. */
const UNUSED = /^(?:controlpath|localcommand|remotecommand)$/;

/**
 * The patterns of each `Host` line of these files; undefined when they have anything else that may tell hosts apart, or that
 * is not certainly understood.
 */
async function hostBlocks(
  files: readonly string[],
): Promise<{ readonly blocks: readonly (readonly string[])[]; readonly controlPath: string | undefined } | undefined> {
  const blocks: (readonly string[])[] = [];
  let controlPath: string | undefined;
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    for (const line of text.split(/\r?\n/)) {
      if (/^\s*(?:#|$)/.test(line)) continue;
      const [, word = '', rest = ''] = /^\s*"?([A-Za-z]\w*)"?(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
      const keyword = word.toLowerCase();
      if (keyword === 'match' && /^(?:final\s+)?all$/i.test(rest)) continue;
      if (keyword === '' || BY_ITSELF.test(keyword)) return undefined;
      if (rest.includes('%') && !UNUSED.test(keyword)) return undefined;
      if (keyword === 'controlpath' && rest.includes('%')) {
        if (controlPath !== undefined && controlPath !== rest) return undefined;
        controlPath = rest;
      }
      if (keyword !== 'host') continue;
      const patterns = rest.split(/\s+/);
      if (!patterns.every((pattern) => /^!?[\w.*?:-]+$/.test(pattern))) return undefined;
      blocks.push(patterns);
    }
  }
  return { blocks, controlPath };
}
