import { difference } from '../../base/difference';
import { finish, type Steps } from '../../base/steps';
import type { TextEdit } from '../../base/text';
import type { ClusterDocument } from '../../document/clusterDocument';
import { ImportDraft } from './importDraft';
import { readInstallCommands, tooLong } from './installCommands';

/** What pasted commands become in a cluster file. */
export interface ImportedCommands {
  readonly edits: readonly TextEdit[];
  /** What was carried over, each as a line for the person. */
  readonly done: readonly string[];
  /** What could not be carried over, or has to be filled in. */
  readonly notes: readonly string[];
  /** Secrets of the commands: reference name → value; the file gets the references. */
  readonly storeSecrets: Readonly<Record<string, string>>;
}

/** Commands of one text; longer lists of machines are written as ranges. */
const MOST_COMMANDS = 500;
/**
 * Turns the install commands in `pasted` into edits of the file: options that all commands of a role share go to the role,
 * others to the machine; secrets become references. Importing the same text again changes nothing.
 */
export function importCommands(document: ClusterDocument, pasted: string): ImportedCommands {
  return finish(importInSteps(document, pasted));
}

/** {@link importCommands} with a pause after each change of the file. Too long a text, or one of too many commands, is only told. */
export function* importInSteps(document: ClusterDocument, pasted: string): Steps<ImportedCommands> {
  const refused = tooLong(pasted);
  if (refused !== undefined) return { edits: [], done: [], notes: [refused], storeSecrets: {} };
  const commands = readInstallCommands(pasted);
  if (commands.length > MOST_COMMANDS)
    return {
      edits: [],
      done: [],
      notes: [
        `The text holds ${commands.length} commands, and ${MOST_COMMANDS} at once are the most. Machines that are alike fit into one entry: 10.0.1.[1-50].`,
      ],
      storeSecrets: {},
    };
  yield;
  const draft = new ImportDraft(document);
  if (commands.length > 0) {
    yield* draft.skeleton(
      commands.map(({ clusterName }) => clusterName).find((name) => name !== undefined) ?? 'imported',
    );
    for (const command of commands) yield* draft.installation(command);
    // Servers first: the address that an agent joins at may be one of theirs.
    for (const role of ['server', 'agent'] as const) {
      const own = commands.filter((command) => command.role === role);
      for (const command of own) yield* draft.access(command);
      yield* draft.machines(role, own);
    }
  }
  return {
    edits: difference(document.text, draft.document.text),
    done: draft.done,
    notes: [...new Set([...draft.notes, ...commands.flatMap(({ notes }) => notes)])],
    storeSecrets: draft.secrets,
  };
}
