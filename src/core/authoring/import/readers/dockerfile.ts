import type { SourceText } from '../installCommand';
import { readingsTogether, readShell } from '../shell/readShell';
import type { Reader } from './reader';

/** `RUN` and `ENV` of a Dockerfile or a Packer-like script: what an image gets installed is what a machine would. */
export const dockerfile: Reader = {
  name: 'a Dockerfile',
  claims: ({ name = '', text }) =>
    /(?:^|\/)(?:Docker|Container)file(?:\.\w+)?$/.test(name) ||
    (/^FROM[ \t]+\S+/m.test(text) && /^RUN[ \t]/m.test(text)),
  read: (sources) => readingsTogether(sources.flatMap((source) => readShell(asShell(source)) ?? [])),
};

function asShell({ text, ...source }: SourceText): SourceText {
  const lines = text
    .replace(/\\[ \t]*\n(?:[ \t]*#[^\n]*\n)*/g, ' ')
    .split('\n')
    .map((line) => {
      const [, word = '', rest = ''] = /^[ \t]*(RUN|ENV|ARG)[ \t]+(.*)$/i.exec(line) ?? [];
      if (/^RUN$/i.test(word)) return rest.replace(/^(?:--\S+[ \t]+)+/, '');
      if (word === '') return line;
      // The old form of ENV has a blank between name and value.
      return rest.includes('=')
        ? `export ${rest}`
        : rest.replace(/^(\w+)[ \t]+(.*)$/, "export $1='$2'").replace(/^\w+$/, '');
    });
  return { ...source, text: lines.join('\n') };
}
