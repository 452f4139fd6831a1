import { join } from 'node:path';
import { speakLanguage } from './adapters/files/catalogueFile';
import { problemIn } from './core/base/problem';
import { readCommandLine } from './cli/commandLine';
import { COMMANDS } from './cli/commands/registry';
import { EXIT, type ExitCode } from './cli/exitCodes';
import { cancelOnSignals } from './cli/interrupt';
import { isForPrograms, languageOf } from './cli/language';
import { fail, printLines, tell, tellLines } from './cli/output';
import { ownVersion } from './cli/ownVersion';

async function main(args: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const asked = readCommandLine(args, COMMANDS);
  if (!asked.ok) {
    tell(asked.error.says);
    tell(`  Next: ${asked.error.next}`);
    return EXIT.usage;
  }
  if ('run' in asked.value) return asked.value.run(signal);
  if ('version' in asked.value) {
    printLines(ownVersion());
    return EXIT.fine;
  }
  printLines(asked.value.help);
  return EXIT.fine;
}

if (!isForPrograms(process.argv.slice(2))) speakLanguage(join(__dirname, 'l10n'), languageOf(process.env));

const signal = cancelOnSignals();

void main(process.argv.slice(2), signal)
  .catch((error: unknown) => {
    const found = problemIn(error);
    if (found !== undefined) return fail(found);
    tellLines(`Unexpected error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return EXIT.unexpected;
  })
  .then((code) => {
    // What a command says when its work is cut off under it is not its result, and dials that nobody needs are not waited for.
    if (signal.aborted) process.exit(code === EXIT.fine ? code : EXIT.cancelled);
    process.exitCode = code;
  });
