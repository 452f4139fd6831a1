import { PLACED_PATH } from '../k3s/paths';
import { HASH_FUNCTION } from '../remote/fileSha256';
import type { FactTopic } from './topic';

/** Files on this host that a plan wants to know about, and what was put there before. */
export interface FileTopic {
  /** What is at the paths that were asked for or were placed before; absent where there is nothing. */
  readonly files: ReadonlyMap<string, FileFacts>;
  /** What this product has put there and not taken away, by path. */
  readonly placed: ReadonlyMap<string, PlacedFacts>;
}

export interface FileFacts {
  readonly kind: 'file' | 'folder';
  /** Empty for a folder, like `text`. */
  readonly sha256: string;
  /** Octal, four digits. */
  readonly mode: string;
  /** User and group by their names, `root:root`, and by their numbers, `0:0`. */
  readonly owner: string;
  readonly ids: string;
  readonly size: number;
  /** Content of a small text that is not the one that was asked for. */
  readonly text?: string;
}

export interface PlacedFacts {
  /** Every content that was put there. */
  readonly sha256: readonly string[];
  /** K3s read it when it started. */
  readonly restart: boolean;
}

/** A path that a plan wants to know about. */
export interface FileQuestion {
  readonly path: string;
  /** sha256 that the file is to have: the host tells the text of another small one. Never given for a secret. */
  readonly unlessSha256?: string;
  /** How many bytes are expected there, when reading them takes the host a while. */
  readonly size?: number;
}

/** Questions as the probe reads them from its standard input, which has room for any number of them. */
export function questionLines(questions: readonly FileQuestion[]): string {
  return questions.map(({ path, unlessSha256 = '' }) => `${unlessSha256}:${path}\n`).join('');
}

/**
 * Standard input: lines `sha256:path` or `:path`. Numbers are the keys, since a path may hold an equals sign. The text of a
 * file is told up to 32 KiB: more is not read line by line by anybody. Each file is read once: archives of images are large.
 */
export const fileFacts: FactTopic<FileTopic> = {
  name: 'file',
  script: `${HASH_FUNCTION}
number=0
look() {
  number=$((number + 1))
  if [ -d "$2" ]; then put "file $number" "folder - - - 0 $2"; return 0; fi
  [ -f "$2" ] || return 0
  sum=$(hash < "$2")
  size=$(($(wc -c < "$2")))
  put "file $number" "$sum $(stat -L -c '%a %U:%G %u:%g' "$2") $size $2"
  if [ -n "$1" ] && [ "$1" != "$sum" ] && [ "$size" -le 32768 ]; then put_file "file_text $number" "$2"; fi
}
asked='
'
while IFS= read -r wanted; do
  look "\${wanted%%:*}" "\${wanted#*:}"
  asked="$asked\${wanted#*:}
"
done
put_file "placed record" ${PLACED_PATH}
if [ -f ${PLACED_PATH} ]; then
  cut -d' ' -f3- ${PLACED_PATH} | sort -u | while IFS= read -r path; do
    case $asked in *"
$path
"*) ;; *) look '' "$path" ;; esac
  done
fi
`,
  read: (values) => {
    const texts = values.texts('file_text');
    const files = [...values.texts('file')].reverse().flatMap(([number, line]) => fileLine(line, texts.get(number)));
    return { files: new Map(files), placed: placedFiles(values.texts('placed').get('record') ?? '') };
  },
};

function fileLine(line: string, text: string | undefined): readonly (readonly [string, FileFacts])[] {
  const [, sha256 = '', mode = '', owner = '', ids = '', size = '', path = ''] =
    /^(\S+) (\S+) (\S+) (\S+) (\d+) (.*)$/s.exec(line) ?? [];
  if (path === '') return [];
  if (sha256 === 'folder') return [[path, { kind: 'folder', sha256: '', mode: '', owner: '', ids: '', size: 0 }]];
  const facts = { kind: 'file', sha256, mode: mode.padStart(4, '0'), owner, ids, size: Number(size) } as const;
  return [[path, text === undefined ? facts : { ...facts, text }]];
}

function placedFiles(record: string): ReadonlyMap<string, PlacedFacts> {
  const placed = new Map<string, PlacedFacts>();
  for (const [, sha256 = '', when = '', path = ''] of record.matchAll(/^([0-9a-f]{64}) (restart|live) (.+)$/gm)) {
    const before = placed.get(path);
    placed.set(path, {
      sha256: [...(before?.sha256 ?? []), sha256],
      restart: when === 'restart' || before?.restart === true,
    });
  }
  return placed;
}
