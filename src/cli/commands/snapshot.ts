import { resolve } from 'node:path';
import { closest } from '../../core/base/suggestion';
import { listed } from '../../core/base/words';
import { ON_DEMAND } from '../../core/k3s/snapshotName';
import { machinesWith } from '../../core/plan/plan';
import { quote } from '../../core/remote/shell';
import { operationById } from '../../engine/operations/registry';
import { restoredAnew } from '../../engine/planning/restoreAnew';
import { carryOut, RUN_OPTIONS } from '../carryOut';
import type { Command } from '../command';
import { CLUSTER_NAME } from '../sharedOptions';
import { EXIT, type ExitCode } from '../exitCodes';
import { positive, text, type Option, type ValuesOf } from '../option';
import { paint, tell } from '../output';
import { copySnapshotHere } from '../snapshots/copy';
import { listSnapshotsOf } from '../snapshots/list';
import { ok } from '../../core/base/result';

const OPTIONS = {
  ...RUN_OPTIONS,
  as: text({ value: 'NAME', help: `save: what the snapshot is called, before node and time (${ON_DEMAND})` }),
  on: text({ value: 'SERVER', help: 'save, copy, restore: this server' }),
  to: text({ value: 'FOLDER', help: 'copy: where the snapshot goes on this computer (the folder that you are in)' }),
  base: text({ value: 'NAME', help: `prune: what the snapshots are called, before node and time (${ON_DEMAND})` }),
  keep: positive({
    value: 'N',
    preset: '5',
    of: 'a whole number of at least 1',
    whole: true,
    help: 'prune: newest snapshots of each server that stay',
  }),
  copy: text({ value: 'PATH', help: 'restore: a snapshot on this computer instead of one on a server' }),
  survivor: text({ value: 'SERVER', help: 'restore: from what this server has, where etcd has lost its majority' }),
  gone: repeated({ value: 'SERVER', help: 'restore: a server that never comes back, by name or address' }),
  name: CLUSTER_NAME,
};

type Given = ValuesOf<typeof OPTIONS>;

/** What follows the verb: the file, then names. */
type Verb = (path: string, names: readonly string[], options: Given, signal: AbortSignal) => Promise<ExitCode>;

const VERBS: Readonly<Record<string, Verb>> = {
  list: (path, _, options, signal) => listSnapshotsOf(path, options, signal),
  save: (path, _, options, signal) =>
    carryOut(
      path,
      {
        operation: operationById('save-snapshot'),
        intent: { ...given('name', options.as), ...given('on', options.on) },
        done: ({ steps }, seconds) =>
          `Done: a snapshot was saved on ${listed(machinesWith(steps, 'save-snapshot'))} within ${seconds} s.`,
      },
      options,
      signal,
    ),
  copy: (path, names, options, signal) => copySnapshotHere(path, names, options, signal),
  delete: (path, names, options, signal) =>
    names.length === 0
      ? Promise.resolve(misused('snapshot delete needs the names of snapshots.'))
      : carryOut(
          path,
          {
            operation: operationById('delete-snapshot'),
            intent: { names },
            done: (_, seconds) =>
              `Done: ${listed(names)} ${names.length === 1 ? 'is' : 'are'} gone after ${seconds} s.`,
          },
          options,
          signal,
        ),
  prune: (path, _, options, signal) =>
    carryOut(
      path,
      {
        operation: operationById('prune-snapshots'),
        intent: { keep: options.keep, ...given('base', options.base) },
        done: ({ steps }, seconds) =>
          steps.length === 0 ? 'There is nothing to delete.' : `Done: ${steps.length} deleted within ${seconds} s.`,
      },
      options,
      signal,
    ),
  restore: (path, [snapshot, ...more], options, signal) =>
    more.length > 0 || (snapshot !== undefined && options.copy !== undefined)
      ? Promise.resolve(misused('snapshot restore takes one snapshot, on a server or by --copy.'))
      : carryOut(
          path,
          {
            operation: operationById('restore'),
            intent: {
              ...given('snapshot', snapshot),
              ...given('copyPath', options.copy === undefined ? undefined : resolve(options.copy)),
              ...given('from', options.survivor ?? options.on),
              ...(options.survivor === undefined ? {} : { survivor: true }),
              gone: options.gone,
            },
            done: ({ clusterName, steps }, seconds) =>
              `Done: ${clusterName} is restored, and all of it is proved, within ${seconds} s.${restoredAnew(steps) ? ` Now the other machines of the file: k3s-ha apply ${quote(path)}` : ''}`,
          },
          options,
          signal,
        ),
};

export const snapshotCommand: Command<typeof OPTIONS> = {
  name: 'snapshot',
  argument: 'VERB FILE [NAME…]',
  words: Object.keys(VERBS),
  summary: 'list, save, copy, delete or prune snapshots of etcd, or restore one: the verb comes first',
  options: OPTIONS,
  examples: [
    { line: 'k3s-ha snapshot list cluster.k3s.yaml', does: 'all snapshots: on the servers and in S3' },
    { line: 'k3s-ha snapshot save cluster.k3s.yaml --as before-upgrade', does: 'one on a server, proved' },
    {
      line: 'k3s-ha snapshot copy cluster.k3s.yaml before-upgrade-server-1-1795739771 --to ~/backup',
      does: 'to this computer, with what has to be known to restore it beside it',
    },
    { line: 'k3s-ha snapshot prune cluster.k3s.yaml --keep 3', does: 'all but the three newest of each server' },
    {
      line: 'k3s-ha snapshot restore cluster.k3s.yaml before-upgrade-server-1-1795739771',
      does: 'the whole cluster as it was then; asks for its name',
    },
    {
      line: 'k3s-ha snapshot restore cluster.k3s.yaml --copy ~/backup/before-upgrade-server-1-1795739771',
      does: 'from this computer, also on other machines: the first server of the file becomes the cluster of then',
    },
    {
      line: 'k3s-ha snapshot restore cluster.k3s.yaml --survivor server-1 --gone server-2 --gone server-3',
      does: 'from what one server still has, when the others are lost',
    },
  ],
  run([verb, path, ...names], options, signal) {
    const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (run === undefined) {
      const verbs = Object.keys(VERBS);
      const near = closest(verb, verbs);
      const hint =
        near === undefined
          ? `it has ${listed(verbs.slice(0, 3))}, ${listed(verbs.slice(3))}`
          : `did you mean "${near}"?`;
      return Promise.resolve(misused(`snapshot has no verb "${verb}"; ${hint}`));
    }
    if (path === undefined) return Promise.resolve(misused(`snapshot ${verb} needs a cluster file.`));
    return run(path, names, options, signal);
  },
};

function given(key: string, value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [key]: value };
}

/** An option with any text, as often as it is written. */
function repeated(about: { readonly value: string; readonly help: string }): Option<readonly string[]> {
  return { ...about, repeats: true, read: (written) => ok(written) };
}

function misused(says: string): ExitCode {
  tell(paint('red', says));
  tell('  Next: k3s-ha snapshot --help');
  return EXIT.usage;
}
