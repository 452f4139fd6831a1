import { applyEdits } from '../../base/text';
import type { Steps } from '../../base/steps';
import { parseInSteps } from '../../document/parse';
import { importInSteps, type ImportedCommands } from './importCommands';
import type { SourceText } from './installCommand';
import { k3sConfig } from './readers/k3sConfig';
import { readTexts } from './readTexts';

// A bundle of its own, which is loaded for the first text that is imported. Only plain data goes in and out: it has its own parser of YAML.

/** An import with the text that the file becomes. */
export interface ImportedTexts extends ImportedCommands {
  readonly text: string;
}

/** Carries texts over into the text of a cluster file. */
export function* importTexts(text: string, sources: readonly SourceText[]): Steps<ImportedTexts> {
  const imported = yield* importInSteps(yield* parseInSteps(text), sources);
  return { ...imported, text: applyEdits(text, imported.edits) };
}

/** Characters; longer clipboards are no commands of a tutorial. */
const LONGEST_PASTE = 20_000;

/** Whether a text holds something that sets up K3s; prose about K3s and a cluster file of ours do not. */
export function looksLikeInstallCommand(text: string): boolean {
  if (text.length >= LONGEST_PASTE || /^apiVersion:[ \t]*k3s-ha\//m.test(text)) return false;
  if (!/k3s|k0sctl|cluster-init|tls-san|write_files|hosts|^\[(?:master|server)/im.test(text)) return false;
  // A line such as `token: x` is pasted into a cluster file as it is.
  return !k3sConfig.claims({ text }) && readTexts([{ text }]).commands.length > 0;
}
