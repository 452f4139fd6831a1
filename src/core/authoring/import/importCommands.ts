import { difference } from '../../base/difference';
import { secretMasker } from '../../base/mask';
import { finish, type Steps } from '../../base/steps';
import type { TextEdit } from '../../base/text';
import { normalise } from '../../cluster/normalise';
import type { ClusterDocument } from '../../document/clusterDocument';
import type { PlainValue } from '../../document/render';
import { ImportDraft } from './importDraft';
import { putAccess, putBalancer, putInstallation, putLogin, putMachines, putToken } from './importMachines';
import type { Reading, SourceText } from './installCommand';
import { resolveJoins } from './joins';
import { revealed } from './placeholder';
import { readTexts, tooLong } from './readTexts';

/** What pasted texts become in a cluster file. */
export interface ImportedCommands {
  readonly edits: readonly TextEdit[];
  /** What was carried over, each as a line for the person. */
  readonly done: readonly string[];
  /** What could not be carried over, was understood differently, or has to be filled in. */
  readonly notes: readonly string[];
  /** Secrets of the texts: reference name → value; the file gets the references. */
  readonly storeSecrets: Readonly<Record<string, string>>;
  /** Why nothing was read at all: too long a text, or too many machines. It is among the notes, too. */
  readonly refused?: string;
}

/** Machines of one import; longer lists are written as ranges. */
const MOST_COMMANDS = 500;

/**
 * Turns what sets up K3s in `pasted` into edits of the file: options that all machines of a role share go to the role,
 * others to the machine; secrets become references. Importing the same text again changes nothing.
 */
export function importCommands(document: ClusterDocument, pasted: string | readonly SourceText[]): ImportedCommands {
  return finish(importInSteps(document, pasted));
}

/** {@link importCommands} with a pause after each change of the file. Too long a text, or one of too many machines, is only told. */
export function* importInSteps(
  document: ClusterDocument,
  pasted: string | readonly SourceText[],
): Steps<ImportedCommands> {
  const sources = typeof pasted === 'string' ? [{ text: pasted }] : pasted;
  const refused = tooLong(sources);
  if (refused !== undefined) return nothing(refused);
  const reading = readTexts(sources);
  const { length } = reading.commands;
  if (length > MOST_COMMANDS) {
    const note = `The text holds ${length} commands, and ${MOST_COMMANDS} at once are the most. Machines that are alike fit into one entry: 10.0.1.[1-50].`;
    return nothing(note);
  }
  yield;
  const draft = new ImportDraft(document);
  const joined = yield* carryOver(draft, reading);
  const secrets = draft.kept.secrets;
  const masked = secretMasker(Object.values(secrets));
  const said = (lines: readonly string[]): readonly string[] => [
    ...new Set(lines.map((line) => masked(revealed(line)))),
  ];
  return {
    edits: difference(document.text, draft.document.text),
    done: said(draft.done),
    notes: said([
      ...joined,
      ...draft.kept.notes,
      ...draft.notes,
      ...reading.commands.flatMap(({ notes }) => notes),
      ...reading.notes,
    ]),
    storeSecrets: secrets,
  };
}

function nothing(refused: string): ImportedCommands {
  return { edits: [], done: [], notes: [refused], storeSecrets: {}, refused };
}

/** Gives what was decided about whom machines join. */
function* carryOver(
  draft: ImportDraft,
  { commands: found, balancer: given, registries }: Reading,
): Steps<readonly string[]> {
  if (found.length === 0 && given === undefined && registries === undefined) return [];
  yield* draft.skeleton(found.map(({ clusterName }) => clusterName).find((name) => name !== undefined) ?? 'imported');
  const { commands, balancer, notes } = resolveJoins(found, given, normalise(draft.document.data));
  for (const command of commands) yield* putInstallation(draft, command);
  if (balancer !== undefined) yield* putBalancer(draft, balancer);
  if (registries !== undefined)
    yield* draft.put(['registries'], draft.kept.registries(registries) as PlainValue, 'registries');
  yield* putToken(draft, commands);
  const external = commands.some(({ options }) => options['datastore-endpoint'] !== undefined);
  for (const command of commands) yield* putAccess(draft, command, external);
  const common = yield* putLogin(draft, commands);
  for (const role of ['server', 'agent'] as const)
    yield* putMachines(
      draft,
      role,
      commands.filter((command) => command.role === role),
      common,
    );
  return notes;
}
