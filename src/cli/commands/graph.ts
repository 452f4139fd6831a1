import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { problem } from '../../core/base/problem';
import { err, ok } from '../../core/base/result';
import { dot } from '../../core/topology/dot';
import { mermaid } from '../../core/topology/mermaid';
import { survives } from '../../core/topology/survival';
import type { Command } from '../command';
import { readClusterFile } from '../context';
import { EXIT, type ExitCode } from '../exitCodes';
import { failedParts } from '../failedParts';
import { text, type Option } from '../option';
import { fail, paint, printFile, tell } from '../output';
import { svgOf } from '../picture';
import { pngOf } from '../png';
import { WITHOUT } from '../sharedOptions';

const FORMATS = ['mermaid', 'svg', 'dot', 'png'] as const;
type Format = (typeof FORMATS)[number];

const AS: Option<Format | undefined> = {
  value: 'KIND',
  words: FORMATS,
  help: 'mermaid, svg, dot or png; without it as the name of the output ends, else mermaid',
  read([...written], option) {
    const word = written.at(-1);
    const found = FORMATS.find((each) => each === word);
    return word !== undefined && found === undefined
      ? err(`${option} is mermaid, svg, dot or png; "${word}" is not that.`)
      : ok(found);
  },
};

const OPTIONS = {
  draw: AS,
  output: text({ value: 'FILE', help: 'the file to write; without it on standard output' }),
  without: WITHOUT,
};

export const graphCommand: Command<typeof OPTIONS> = {
  name: 'graph',
  argument: 'FILE',
  summary: 'draw the cluster of a file: the picture of the diagram, Mermaid or Graphviz',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha graph cluster.k3s.yaml', does: 'as Mermaid text, for a README' },
    { line: 'k3s-ha graph cluster.k3s.yaml --output topology.svg', does: 'the picture of the diagram' },
    {
      line: 'k3s-ha graph cluster.k3s.yaml --without server-1,zone:rack-b --output without.svg',
      does: 'what is left when these fail',
    },
  ],
  run: ([path], options, signal) => graph(path, options, signal),
};

interface GraphOptions {
  readonly draw: Format | undefined;
  readonly output: string | undefined;
  readonly without: readonly string[];
}

const ENDINGS: Readonly<Record<string, Format>> = { '.svg': 'svg', '.png': 'png', '.dot': 'dot', '.gv': 'dot' };

async function graph(path: string, { draw, output, without }: GraphOptions, signal: AbortSignal): Promise<ExitCode> {
  const read = await readClusterFile(path, signal);
  if (!read.ok) return fail(read.error, signal.aborted ? EXIT.cancelled : EXIT.usage);
  const { cluster, diagnostics, document } = read.value;
  if (document.syntaxProblems.length > 0)
    return fail(
      problem('file-unreadable', `${path} is no YAML: ${document.syntaxProblems[0]?.message}`, {
        nextSteps: [`Mend it first: k3s-ha lint tells where.`],
      }),
      EXIT.findings,
    );
  const down = failedParts(cluster, without);
  if (!down.ok) return fail(down.error, EXIT.usage);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) tell(paint('yellow', `${path} has errors (${errors}): the picture is of what could be read.`));
  const format = draw ?? ENDINGS[extname(output ?? '').toLowerCase()] ?? 'mermaid';
  const { failed } = survives(cluster, down.value);
  if (format === 'png' && output === undefined && process.stdout.isTTY)
    return fail(problem('png-terminal', 'A PNG is nothing for a terminal: name a file with --output.'), EXIT.usage);
  const drawn =
    format === 'mermaid'
      ? ok(mermaid(cluster, failed))
      : format === 'dot'
        ? ok(dot(cluster, failed))
        : format === 'svg'
          ? ok(svgOf(read.value, down.value))
          : await pngOf(svgOf(read.value, down.value), signal);
  if (signal.aborted) return EXIT.cancelled;
  if (!drawn.ok) return fail(drawn.error);
  if (output === undefined) printFile(drawn.value);
  else if (!(await save(output, drawn.value))) return EXIT.usage;
  return EXIT.fine;
}

/** What a person names is replaced: pictures are drawn again and again. */
async function save(output: string, content: string | Buffer): Promise<boolean> {
  try {
    await writeFile(output, content);
    tell(`Written: ${output}`);
    return true;
  } catch (error) {
    fail(
      problem('file-unwritable', `${output} cannot be written`, {
        why: error instanceof Error ? error.message : String(error),
        nextSteps: ['Name another file with --output.'],
      }),
    );
    return false;
  }
}
