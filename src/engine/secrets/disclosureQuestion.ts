import { groupBy } from '../../core/base/group';
import { listed } from '../../core/base/words';
import type { Disclosure, DisclosureMachine } from '../../core/cluster/disclosures';
import { disclosureLabel } from '../../core/cluster/disclosures';
import type { DisclosureItem, DisclosureQuestion, VouchedKey } from '../ports';

/** What a question is about; `lines` are the lines of the cluster file by the text that stands there. */
export interface QuestionSubject {
  readonly file: string;
  readonly disclosures: readonly Disclosure[];
  readonly vouched: readonly VouchedKey[];
  readonly lines: ReadonlyMap<string, readonly number[]>;
  /** The machine behind an address, where the cluster file has one. */
  readonly machine: (key: VouchedKey) => DisclosureMachine | undefined;
}

/** Folds disclosures to many hosts into one line for each thing and use. */
export function disclosureQuestion({
  file,
  disclosures,
  vouched,
  lines,
  machine,
}: QuestionSubject): DisclosureQuestion {
  const groups = groupBy(disclosures, ({ kind, name, use }) => JSON.stringify([kind, name, use]));
  const items = [...groups.values()].flatMap((group): DisclosureItem[] => {
    const [first] = group;
    if (first === undefined) return [];
    const at = [...new Set(group.flatMap(({ written }) => lines.get(written) ?? []))].sort((a, b) => a - b);
    const onward = [...new Set(group.flatMap((one) => one.onward ?? []))];
    const machines = uniqueMachines(group.map((one) => one.machine));
    return [
      {
        what: disclosureLabel(first),
        use: first.use,
        provesOnly: first.kind === 'key',
        lines: at,
        to: machines.map(machineLabel),
        ...(onward.length === 0 ? {} : { onward }),
        allowance: `${allowanceName(first)}=${machines.map(({ host }) => host).join(',')}`,
      },
    ];
  });
  const byFile = groupBy(vouched, (key) => key.file);
  const hostKeys = [...byFile].map(([knownHosts, keys]) => ({
    file: knownHosts,
    lines: keys.map(
      (key) =>
        `${machineLabel(machine(key) ?? { id: key.machine.host, ...key.machine })}  ${key.keyType} ${key.fingerprint}`,
    ),
    allowance: `known-hosts:${knownHosts}=${[...new Set(keys.map((key) => key.machine.host))].join(',')}`,
  }));
  return { file, items, hostKeys };
}

/** `server-1 (10.0.0.11:2222, through bastion)` */
export function machineLabel({ id, host, port, proxyJump }: DisclosureMachine): string {
  const address = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const way = proxyJump === undefined ? '' : `, through ${proxyJump}`;
  return id === host && way === '' ? address : `${id} (${address}${way})`;
}

/** How `--allow-secrets` names a thing: secrets by their bare name, everything else with its kind. */
export function allowanceName({ kind, name }: Pick<Disclosure, 'kind' | 'name'>): string {
  return kind === 'secret' ? name : `${kind}:${name}`;
}

/**
 * The question as lines of text: for each set of hosts what they get, then the host keys. `limit` hosts or host keys are
 * named, the rest is counted.
 */
export function questionLines(
  { items, hostKeys, changedKey }: DisclosureQuestion,
  limit = Number.POSITIVE_INFINITY,
): readonly string[] {
  const changed =
    changedKey === undefined
      ? []
      : [
          `The host key of ${changedKey.machine} is not the one that it had when you agreed: it was ${changedKey.before} and is ${changedKey.now}.`,
        ];
  const things = [...groupBy(items, ({ to }) => to.join()).values()].flatMap((group) => [
    `To ${some(group[0]?.to ?? [], limit).join(', ')}:`,
    ...group.map((item) => `  • ${itemWords(item)}`),
  ]);
  const keys = hostKeys.flatMap(({ file, lines }) => [
    `Host keys that only ${file} vouches for, a file that the cluster file names:`,
    ...some(lines, limit).map((line) => `  • ${line}`),
  ]);
  return [...changed, ...things, ...keys];
}

function itemWords({ what, use, lines, provesOnly, onward }: DisclosureItem): string {
  const where = lines.length === 0 ? use : `${use}, line ${lines.join(', ')}`;
  const further = onward === undefined ? '' : `: logs in to ${listed(onward)} from there`;
  return `${what} (${where})${further}${provesOnly ? ': proves who you are; the key itself stays here' : ''}`;
}

/** Whether {@link questionLines} with this limit leaves something out. */
export function isShortened({ items, hostKeys }: DisclosureQuestion, limit: number): boolean {
  return items.some(({ to }) => to.length > limit) || hostKeys.some(({ lines }) => lines.length > limit);
}

function some(names: readonly string[], limit: number): readonly string[] {
  const rest = names.length - limit;
  return rest <= 0 ? names : [...names.slice(0, limit), `and ${rest} more`];
}

function uniqueMachines(machines: readonly DisclosureMachine[]): readonly DisclosureMachine[] {
  return [...new Map(machines.map((machine) => [machineLabel(machine), machine])).values()];
}
