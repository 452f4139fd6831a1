import { expect } from 'vitest';
import { RAW } from '../../support/raw';

/** Texts that act instead of being read: in a terminal, in Markdown, in a diagram, in a page, or on the eyes of a reader. */
export const HOSTILE: readonly string[] = [
  '\u001b]0;owned\u0007',
  '\u001b]8;;https://evil.example/\u001b\\click\u001b]8;;\u001b\\',
  '\u001b]52;c;cm0gLXJmIH4=\u0007',
  '\u001b[2J\u001b[H',
  '\u001b[31mred\u001b[0m',
  '\u001bP+q544e\u001b\\',
  '\u001bc',
  '\u0007\u0008\u000b\u000c\u000e',
  '\u0000\u007f',
  '\u009b31mC1\u009d0;title\u009c',
  'fine\rEVIL',
  'Ready\nNothing to do: all nodes are as the file says.',
  'tab\there',
  'a\u0085b',
  'a\u2028b\u2029c',
  'user\u202egnp.exe',
  '\u2066isolate\u2069\u2067more\u2068',
  '\u200e\u200f\u061c',
  '\u202a\u202b\u202c\u202d',
  'ad\u200bmin\u200c\u200d\u2060',
  '\ufeffserver\u00ad-1',
  `x${[...'ignore'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}`,
  `v${String.fromCodePoint(0xe0100, 0xe01ef)}\ufe0f`,
  '\u3164\u115f\uffa0',
  'half\ud83d',
  '\udc00half',
  '\ufffe\uffff\ufdd0\ufff9',
  '![x](https://evil.example/track.png)',
  '[Fix it](command:workbench.action.terminal.new)',
  '<img src=https://evil.example/x.png><a href="https://evil.example">a</a>',
  'https://evil.example/auto and www.evil.example and me@evil.example',
  '`` ` ``[x](https://evil.example)```',
  '| a | b |\n|---|---|\n| c | [d](https://evil.example) |',
  '# heading\n\n- item\n\n    code',
  'a"]\n  click n1 "https://evil.example"\n  n9["b',
  '%%{init: {"securityLevel": "loose"}}%%',
  'x"; end; subgraph y',
  '$(error) $(sync~spin) ${env:HOME} %s %n {0}',
  '</script><script>alert(1)</script>]]>&amp;&#27;',
  `long ${'A'.repeat(40_000)}`,
];

/** Strong enough that none is part of an ordinary text, with characters that the usual encodings change. */
export const SECRETS: readonly string[] = Array.from(
  { length: 20 },
  (_none, i) => `Gr8%zz"${String.fromCharCode(65 + i)}'&<${(i + 7) * 7919}>/+=sEcReT${i === 0 ? '_' : ' '}${i}ü`,
);

/** A secret as programs write it, each form made by the platform and not by the code under test. */
export function formsOf(secret: string): readonly string[] {
  const base64 = ['', 'x', 'xy'].flatMap((before) =>
    (['base64', 'base64url'] as const).map((kind) => {
      const whole = Buffer.from(before + secret)
        .toString(kind)
        .replaceAll('=', '');
      return whole.slice(before === '' ? 0 : 4, -2);
    }),
  );
  const url = encodeURIComponent(secret);
  return [
    secret,
    url,
    url.replace(/%../g, (code) => code.toLowerCase()),
    new URLSearchParams({ p: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    secret.replaceAll("'", String.raw`'\''`),
    ...base64,
  ];
}

/** Every form of every secret. */
export const FORMS = SECRETS.flatMap(formsOf);

/** Nothing in the text acts, hides or gives a secret away. */
export function expectHarmless(output: string, what: string): void {
  const raw = RAW.exec(output);
  expect(
    raw === null ? 'none' : JSON.stringify(output.slice(Math.max(0, raw.index - 40), raw.index + 40)),
    `a raw character in ${what}`,
  ).toBe('none');
  expect(
    FORMS.filter((form) => output.includes(form)),
    `secrets in ${what}`,
  ).toEqual([]);
}

/** The Markdown has no link, picture, HTML, table, heading or bare address outside code. */
export function expectPlainMarkdown(markdown: string, what: string): void {
  expectHarmless(markdown, what);
  expect(withoutCode(markdown), `Markdown of ${what}`).not.toMatch(
    /[<>|]|\]\(|!\[|https?:|www\.|\S@\S|^ {0,3}#|^ {4}\S/m,
  );
}

/** Escaped characters and code spans taken out, as CommonMark reads them. */
function withoutCode(markdown: string): string {
  let rest = '';
  for (let at = 0; at < markdown.length;) {
    const run = /^`+/.exec(markdown.slice(at))?.[0];
    if (markdown[at] === '\\' && /[!-/:-@[-`{-~]/.test(markdown[at + 1] ?? '')) {
      rest += 'x';
      at += 2;
    } else if (run !== undefined) {
      const close = [...markdown.slice(at + run.length).matchAll(/`+/g)].find(([other]) => other.length === run.length);
      expect(close, `code without an end in ${markdown}`).toBeDefined();
      at += run.length + (close?.index ?? 0) + run.length;
      rest += 'code';
    } else {
      rest += markdown[at];
      at += 1;
    }
  }
  return rest;
}
