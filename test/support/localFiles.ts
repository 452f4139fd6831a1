import { problem } from '../../src/core/base/problem';
import { err, ok } from '../../src/core/base/result';
import type { ByteInput } from '../../src/core/remote/remoteCommand';
import type { LocalFiles } from '../../src/engine/planning/localFile';
import type { ArtifactFolder } from '../../src/engine/ports';
import type { LocalFileDependencies } from '../../src/engine/planning/localFiles';
import { sha256 } from './plans';

/** A text of this machine as hosts get it. */
export function textInput(text: string): ByteInput {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    sha256: sha256(text),
    async *open() {
      yield bytes;
    },
  };
}

/** Texts that were read for a plan, by their path in the cluster file. */
export function readTexts(texts: Readonly<Record<string, string>>): LocalFiles {
  const files = new Map(Object.entries(texts).map(([path, text]) => [path, { input: textInput(text), text }]));
  return { files, listed: new Map(Object.keys(texts).map((path) => [path, [path]])) };
}

/** The folder of a cluster file that holds these texts, and nothing else. */
export function localFolder(
  texts: Readonly<Record<string, string>> = {},
): Pick<LocalFileDependencies, 'artifacts' | 'certificates' | 'lineOf'> {
  const folder: ArtifactFolder = {
    async open(path) {
      const text = texts[path];
      return text === undefined ? err(problem('file-missing', `${path} does not exist.`)) : ok(textInput(text));
    },
    list: async (pattern) => ok(Object.keys(texts).filter((path) => matches(path, pattern))),
  };
  return {
    artifacts: {
      ...folder,
      archive: async (path) =>
        Object.keys(texts).some((name) => name.startsWith(`${path}/`))
          ? ok(folder)
          : err(
              problem('archive-damaged', `${path} is damaged`, { why: 'It ends too early.', nextSteps: ['Copy it.'] }),
            ),
      // The archives of tests are texts: no image is in them, unless they are JSON with their names.
      imageNames: async (path) => {
        const text = texts[path] ?? '';
        return text.startsWith('[')
          ? ok(JSON.parse(text) as string[])
          : err(
              text.startsWith('cut off')
                ? problem('archive-damaged', `${path} is damaged`, { why: 'It ends too early.' })
                : problem('archive-untold', `${path} does not tell which images it holds`, { why: 'It is no tar.' }),
            );
      },
    },
    certificates: { read: () => ({ begins: 0, ends: Number.POSITIVE_INFINITY }), belongTogether: () => true },
    lineOf: () => undefined,
  };
}

function matches(path: string, pattern: string): boolean {
  const [head = '', tail] = pattern.split('*');
  return tail === undefined
    ? path === pattern
    : path.startsWith(head) && path.endsWith(tail) && !path.slice(head.length).includes('/');
}
