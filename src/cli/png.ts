import { spawn } from 'node:child_process';
import { problem, type Problem } from '../core/base/problem';
import { err, ok, type Result } from '../core/base/result';

/** What draws an SVG as PNG, from standard input to standard output; the first one that is installed is taken. */
const PROGRAMS: readonly (readonly [string, readonly string[]])[] = [
  ['rsvg-convert', ['--zoom', '2', '--format', 'png']],
  ['resvg', ['--zoom', '2', '-', '-c']],
  ['inkscape', ['--pipe', '--export-type=png', '--export-filename=-', '--export-dpi=192']],
  ['magick', ['-density', '192', 'svg:-', 'png:-']],
];

/** A picture as PNG, drawn by a program of this computer: fonts and pixels are its business. */
export async function pngOf(svg: string, signal: AbortSignal): Promise<Result<Buffer, Problem>> {
  for (const [program, args] of PROGRAMS) {
    const drawn = await draw(program, args, svg, signal);
    if (drawn === undefined) continue;
    return drawn;
  }
  return err(
    problem('png-no-program', 'No program of this computer draws a PNG', {
      why: `Looked for ${PROGRAMS.map(([program]) => program).join(', ')} on PATH.`,
      nextSteps: ['Install one of them, such as librsvg2-bin, or take --draw svg.'],
    }),
  );
}

/** Undefined when there is no such program. */
async function draw(
  program: string,
  args: readonly string[],
  svg: string,
  signal: AbortSignal,
): Promise<Result<Buffer, Problem> | undefined> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], signal });
  const chunks: Buffer[] = [];
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  // A program that ends early closes the pipe; its status tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(svg);
  return new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(undefined);
      else resolve(failed(program, error.message));
    });
    child.once('close', (code) => {
      const png = Buffer.concat(chunks);
      resolve(code === 0 && png.length > 0 ? ok(png) : failed(program, said.trim().split('\n')[0] ?? ''));
    });
  });
}

function failed(program: string, why: string): Result<Buffer, Problem> {
  return err(problem('png-failed', `${program} could not draw the picture`, { why, nextSteps: ['Take --draw svg.'] }));
}
