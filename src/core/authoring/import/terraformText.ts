import { replaceHereDocs } from './hereDocs';
import type { SourceText } from './installCommand';

/** A text that stands in another one, such as the user data in a Terraform file. */
export interface InnerTexts {
  readonly texts: readonly SourceText[];
  /** What stands around them. */
  readonly rest: string;
}

const BLOCK = /^[ \t]*(?:resource|module|locals|data|variable|provider|terraform|output)\b[^\n]*\{[ \t]*$/m;

/** Whether a text is one of Terraform or OpenTofu. */
export function isTerraform({ name = '', text }: SourceText): boolean {
  return (
    /\.tf$/.test(name) ||
    BLOCK.test(text) ||
    /^[ \t]*(?:user_data|custom_data|userdata)\w*[ \t]*=[ \t]*(?:base64encode\(|\w+\()?<<-?~?\w/m.test(text)
  );
}

/** The texts that Terraform hands to machines: here-documents, and commands of provisioners. */
export function textsOfTerraform({ name, text }: SourceText): InnerTexts {
  const texts: SourceText[] = [];
  const named = name === undefined ? {} : { name };
  let rest = replaceHereDocs(text.replace(/\r\n?/g, '\n'), (before, content) => {
    texts.push({ ...named, text: dedented(unescaped(content)) });
    return before;
  });
  rest = rest.replace(
    /\b(inline|command)[ \t]*=[ \t]*(\[[\s\S]*?\n?[ \t]*\]|"(?:[^"\\\n]|\\.)*")/g,
    (_all, key: string, value: string) => {
      const lines = [...value.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map((match) =>
        unescaped((match[1] ?? '').replace(/\\(["\\])/g, '$1').replace(/\\n/g, '\n')),
      );
      texts.push({ ...named, text: lines.join('\n') });
      return key;
    },
  );
  return { texts, rest };
}

/** `$${…}` is a dollar sign; directives of templates are no part of the text. */
function unescaped(text: string): string {
  return text
    .replace(/^[ \t]*%\{[^}\n]*\}[ \t]*\n/gm, '')
    .replace(/\$\$\{/g, '\u0002{')
    .replace(/\$\{([^{}\n]*)\}/g, (_all, inner: string) => `<${inner.replace(/[<>"'|;&$()`=]/g, ' ').trim()}>`)
    .replaceAll('\u0002', () => '$');
}

function dedented(text: string): string {
  const lines = text.split('\n');
  const depth = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0),
  );
  return Number.isFinite(depth) ? lines.map((line) => line.slice(depth)).join('\n') : text;
}
