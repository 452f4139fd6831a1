import { printableLine } from './printable';
import { say } from './say';

/** Markdown that was built here; text of others stands in it escaped. */
export interface Markdown {
  readonly markdown: string;
}

type Part = string | number | Markdown;

/** Template tag for Markdown that is said: every value is text and escaped, unless it is Markdown itself. */
export function md(strings: TemplateStringsArray, ...parts: readonly Part[]): Markdown {
  return { markdown: say(strings, ...parts.map(shown)) };
}

/** A text as a paragraph of its own. */
export function plainMarkdown(text: string): Markdown {
  return { markdown: escapeMarkdown(text) };
}

/** Paragraphs below each other; empty ones are left out. */
export function paragraphs(parts: readonly Markdown[]): Markdown {
  return {
    markdown: parts
      .map(({ markdown }) => markdown)
      .filter((markdown) => markdown !== '')
      .join('\n\n'),
  };
}

/** Texts, each on a line of its own, of one paragraph. */
export function lines(texts: readonly string[]): Markdown {
  return { markdown: texts.map(escapeMarkdown).join('  \n') };
}

/**
 * A text so that Markdown shows it as it is, on one line: no link, picture, HTML, code, heading, list, table or bare
 * address comes of it. Every ASCII punctuation character may be escaped; commas, colons of times and hyphens inside
 * words need not be. https://spec.commonmark.org/0.31.2/#backslash-escapes, https://github.github.com/gfm/#autolinks-extension-
 */
export function escapeMarkdown(text: string): string {
  return printableLine(text)
    .trim()
    .replace(/[!-+./:-@[-`{-~]|^-/g, '\\$&');
}

/**
 * A text for a cell of a table that is also read as it is written, in a terminal or a ticket: only what would act inside a
 * line is escaped, since no block begins in a cell. https://github.github.com/gfm/#tables-extension-
 */
export function cellMarkdown(text: string): string {
  return printableLine(text)
    .trim()
    .replace(/[\\`*_[\]<>|~&@]|:(?=\/\/)|(?<=www)\./gi, '\\$&');
}

/**
 * A link that runs a command with an argument; it does nothing where the command is not allowed by name. No text of the
 * argument can end the link. https://code.visualstudio.com/api/extension-guides/command#command-uris
 */
export function commandLink(title: string, command: string, argument: object): Markdown {
  const encoded = encodeURIComponent(JSON.stringify([argument])).replace(
    /[!'()*~]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return { markdown: `[${escapeMarkdown(title)}](command:${command}?${encoded})` };
}

const LONGEST_CODE = 80;

/** A text as inline code: on one line, cut where it is long, with fences that its own backticks cannot end. */
export function inlineCode(value: string): string {
  const line = printableLine(value.replace(/\s+/g, ' ')).trim();
  const text = line.length > LONGEST_CODE ? `${line.slice(0, LONGEST_CODE - 1)}…` : line;
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const gap = text === '' || text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${gap}${text}${gap}${fence}`;
}

/** {@link inlineCode} as a value of {@link md}. */
export function code(value: string): Markdown {
  return { markdown: inlineCode(value) };
}

function shown(part: Part): string {
  return typeof part === 'object' ? part.markdown : escapeMarkdown(String(part));
}
