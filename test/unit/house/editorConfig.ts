import { matchesGlob } from 'node:path';

export interface Section {
  readonly glob: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The sections of an .editorconfig file (https://spec.editorconfig.org). A glob without a slash is meant for every folder. */
export function readEditorConfig(text: string): Section[] {
  const [, ...sections] = text.split(/^\[(?=.*\]$)/m);
  return sections.map((section) => {
    const [head = '', ...lines] = section.split('\n');
    const glob = head.slice(0, -1);
    const values = lines.flatMap((line) =>
      [...line.matchAll(/^(\w+) = (.*)$/g)].map(([, key = '', value = '']) => [key, value] as const),
    );
    return { glob: glob.includes('/') ? glob : `**/${glob}`, values: Object.fromEntries(values) };
  });
}

/** What a file should be like: later sections win. */
export function wantedOf(sections: readonly Section[], file: string): Record<string, string> {
  return Object.assign(
    {},
    ...sections
      .filter(({ glob }) => matchesGlob(file, glob) || matchesGlob(`x/${file}`, glob))
      .map(({ values }) => values),
  ) as Record<string, string>;
}

/**
 * Whether the indented lines of a text are indented by multiples of that size, all but one or a quarter of them: continued lines and
 * texts within code are aligned by hand. Block comments are left out. An `unset` size asks for nothing.
 */
export function indentsBy(text: string, size: number): boolean {
  if (Number.isNaN(size)) return true;
  const depths = text
    .split('\n')
    .map((line) => /^ +(?=[^\s*])/.exec(line)?.[0].length ?? 0)
    .filter((depth) => depth > 0);
  return depths.filter((depth) => depth % size !== 0).length <= Math.max(1, depths.length / 4);
}
