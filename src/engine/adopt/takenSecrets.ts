import { say } from '../../core/base/say';
import { problem } from '../../core/base/problem';
import { err, ok } from '../../core/base/result';
import { applyEdits } from '../../core/base/text';
import { listReferences } from '../../core/cluster/references';
import type { SecretDoor } from '../ports';

/** The door of an import: the person named host and login, and what a first plan compares came from these very hosts. */
export interface TakenSecrets extends SecretDoor {
  /** What the references of the adopted file stand for from now on. */
  take(values: Readonly<Record<string, string>>): void;
}

/** Knows only what was taken from hosts: no reference leads to a secret, a variable or a file of this machine. */
export function takenSecrets(): TakenSecrets {
  let taken: Readonly<Record<string, string>> = {};
  return {
    take: (values) => {
      taken = values;
    },
    admit: async () => ok(undefined),
    meet: async () => ok(undefined),
    isAgreedKey: () => false,
    worked: async () => undefined,
    refused: () => undefined,
    async resolve(text) {
      const found = listReferences(text);
      const unknown = found.find(({ kind, name }) => kind !== 'secret' || !Object.hasOwn(taken, name));
      if (unknown !== undefined)
        return err(problem('secret-missing', say`\${${unknown.kind}:${unknown.name}} was not read from this cluster.`));
      return ok(
        applyEdits(
          text,
          found.map(({ name, range }) => ({ range, newText: taken[name] ?? '' })),
        ),
      );
    },
  };
}
