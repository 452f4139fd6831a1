import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../src/core/base/result';
import { closest } from '../../src/core/base/suggestion';

export const USAGE = `Usage: npm run test:real -- --spec FILE [options]

Runs the operations of the product on the machines of a cluster file and looks at each outcome from outside.
It changes these machines. Take a cluster that nobody needs.

  --spec FILE               the cluster file
  --operations A,B          only these; without it all that the cluster can show, in this order:
                            OPERATIONS
  --upgrade-to VERSION      the version for "upgrade", such as v1.36.3+k3s1
  --report FOLDER           write real.json and real.md there; neither has a secret in it
  --yes                     do not ask before machines are changed
  --allow-secrets NAME=…    as for k3s-ha apply; may be repeated
  --allow-programs PATH=…   as for k3s-ha apply; may be repeated
  --no-build                run what is in dist/

Exit status: 0 everything as it should be, 10 wrong usage, 12 something is wrong, 13 nothing was changed because nobody agreed.`;

export interface Wanted {
  readonly help: boolean;
  readonly spec: string;
  /** Undefined: all that the cluster can show. */
  readonly operations?: readonly string[];
  readonly upgradeTo?: string;
  readonly report?: string;
  readonly yes: boolean;
  readonly allowSecrets: readonly string[];
  readonly allowPrograms: readonly string[];
}

/** Reads the command line; the error is a sentence. */
export function readOptions(args: readonly string[], known: readonly string[]): Result<Wanted, string> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false, short: 'h' },
        spec: { type: 'string' },
        operations: { type: 'string' },
        'upgrade-to': { type: 'string' },
        report: { type: 'string' },
        yes: { type: 'boolean', default: false, short: 'y' },
        'allow-secrets': { type: 'string', multiple: true, default: [] },
        'allow-programs': { type: 'string', multiple: true, default: [] },
        'no-build': { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
  const { spec = '', operations, 'upgrade-to': upgradeTo, report } = values;
  const named = operations?.split(',').filter((id) => id !== '');
  const unknown = named?.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const near = closest(unknown, known);
    return err(
      `There is no operation "${unknown}"${near === undefined ? '' : `; did you mean "${near}"?`} There are: ${known.join(', ')}.`,
    );
  }
  if (named?.includes('upgrade') === true && upgradeTo === undefined)
    return err('The operation "upgrade" needs --upgrade-to VERSION.');
  if (spec === '' && !values.help) return err('--spec FILE is missing: the cluster file of the machines to try it on.');
  return ok({
    help: values.help,
    spec,
    yes: values.yes,
    allowSecrets: values['allow-secrets'],
    allowPrograms: values['allow-programs'],
    ...(named === undefined ? {} : { operations: named }),
    ...(upgradeTo === undefined ? {} : { upgradeTo }),
    ...(report === undefined ? {} : { report }),
  });
}
