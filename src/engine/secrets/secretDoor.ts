import { problem, type Problem } from '../../core/base/problem';
import { err, ok, type Result } from '../../core/base/result';
import type { ClusterDocument } from '../../core/document/clusterDocument';
import type { Cluster } from '../../core/cluster/cluster';
import { disclosuresOf, machineOf, type Disclosure } from '../../core/cluster/disclosures';
import { listReferences } from '../../core/cluster/references';
import { machinesOf } from '../../core/cluster/roles';
import { linesOf } from '../../core/cluster/writtenAt';
import type { Sha256 } from '../planning/sha256';
import { disclosureQuestion, machineLabel, questionLines } from './disclosureQuestion';
import {
  NOT_AGREED,
  type Agreements,
  type AgreementRecord,
  type DisclosureQuestion,
  type MachineAddress,
  type SecretDoor,
  type SecretSource,
  type VouchedKey,
} from '../ports';

export interface SecretDoorDependencies {
  readonly cluster: Cluster;
  readonly document: ClusterDocument;
  /** Label of the cluster file for the question. */
  readonly file: string;
  readonly source: SecretSource;
  readonly agreements: Agreements;
  readonly sha256: Sha256;
  /** Asks the person; false: not agreed. */
  readonly ask: (question: DisclosureQuestion) => Promise<boolean>;
  /** Host keys that only a known_hosts of the cluster file lists. */
  readonly vouchedKeys: () => Promise<readonly VouchedKey[]>;
  /** What was allowed beforehand, on the command line; it is not remembered. */
  readonly allowed?: { disclosure(disclosure: Disclosure): boolean; key(key: VouchedKey): boolean };
  /** What to do when it was not agreed to. */
  readonly nextSteps: (question: DisclosureQuestion) => readonly string[];
}

/** The door of one cluster file for one operation. */
export function createSecretDoor(deps: SecretDoorDependencies): SecretDoor {
  const { cluster, agreements, source, sha256 } = deps;
  const disclosures = disclosuresOf(cluster);
  const outgoing = new Set(disclosures.map(({ kind, name }) => `${kind}:${name}`));
  // A passphrase opens a key here and goes nowhere.
  const local = new Set(machinesOf(cluster).flatMap(({ ssh }) => namesIn(ssh.passphrase ?? '')));
  const allowed = deps.allowed ?? { disclosure: () => false, key: () => false };
  const agreedKeys = new Set<string>();
  const meetings = new Map<string, Promise<Result<void, Problem>>>();
  let admission: Promise<Result<void, Problem>> | undefined;

  const idOf = (disclosure: Disclosure): string => disclosureId(disclosure, sha256);
  const machines = machinesOf(cluster).map(machineOf);
  const machineAt = (address: MachineAddress): (typeof machines)[number] | undefined =>
    machines.find((machine) => addressOf(machine) === addressOf(address));
  const lines = (asked: readonly Disclosure[]): ReadonlyMap<string, readonly number[]> =>
    linesOf(deps.document, new Set(asked.map(({ written }) => written)));
  const questionAbout = (asked: readonly Disclosure[], vouched: readonly VouchedKey[]): DisclosureQuestion =>
    disclosureQuestion({
      file: deps.file,
      disclosures: asked,
      vouched,
      lines: lines(asked),
      machine: (key) => machineAt(key.machine),
    });

  const refused = (question: DisclosureQuestion): Result<never, Problem> =>
    err(
      problem(
        NOT_AGREED,
        `${deps.file} gives something of this machine to hosts, and nobody has agreed to that: nothing was sent.`,
        {
          details: questionLines(question),
          nextSteps: deps.nextSteps(question),
        },
      ),
    );

  const agree = async (): Promise<Result<void, Problem>> => {
    const record = await agreements.read();
    const given = new Set(record.given);
    const open = disclosures.filter((disclosure) => !allowed.disclosure(disclosure) && !given.has(idOf(disclosure)));
    const vouched = await deps.vouchedKeys();
    const isKept = ({ machine, fingerprint }: VouchedKey): boolean =>
      record.hostKeys[addressOf(machine)] === fingerprint;
    const keys = vouched.filter((key) => !allowed.key(key) && !isKept(key));
    if (open.length > 0 || keys.length > 0) {
      const question = questionAbout(open, keys);
      if (!(await deps.ask(question))) return refused(question);
      await agreements.update((before) => withGiven(before, open.map(idOf), keys));
    }
    for (const key of vouched) agreedKeys.add(keyId(key.machine, key.fingerprint));
    return ok(undefined);
  };

  const meetOnce = async (machine: MachineAddress, fingerprint: string): Promise<Result<void, Problem>> => {
    const record = await agreements.read();
    const theirs = disclosures.filter((disclosure) => addressOf(disclosure.machine) === addressOf(machine));
    // What was only allowed for this run is bound to nothing that is kept.
    if (!theirs.some((disclosure) => record.given.includes(idOf(disclosure)))) return ok(undefined);
    const before = record.hostKeys[addressOf(machine)];
    if (before === fingerprint) return ok(undefined);
    if (before !== undefined) {
      const label = machineLabel(machineAt(machine) ?? { id: machine.host, ...machine });
      const question = { ...questionAbout(theirs, []), changedKey: { machine: label, before, now: fingerprint } };
      if (!(await deps.ask(question))) return refused(question);
    }
    await agreements.update((kept) => ({ ...kept, hostKeys: { ...kept.hostKeys, [addressOf(machine)]: fingerprint } }));
    return ok(undefined);
  };

  return {
    admit: () => (admission ??= agree()),
    async meet(machine, fingerprint) {
      const id = keyId(machine, fingerprint);
      const meeting = meetings.get(id) ?? meetOnce(machine, fingerprint);
      meetings.set(id, meeting);
      return meeting;
    },
    isAgreedKey: (machine, fingerprint) => agreedKeys.has(keyId(machine, fingerprint)),
    async resolve(text) {
      const names = namesIn(text);
      const foreign = names.find((name) => !outgoing.has(name) && !local.has(name));
      if (foreign !== undefined) throw new Error(`\${${foreign}} is not among what ${deps.file} gives to hosts`);
      const admitted = names.some((name) => outgoing.has(name)) ? await this.admit() : ok(undefined);
      return admitted.ok ? source.resolve(text) : admitted;
    },
    worked: (text) => source.worked(text),
    refused: (text) => source.refused(text),
  };
}

/** What an agreement is bound to, as a hash: another host, port, way, use or text of the file is asked about again. */
export function disclosureId({ kind, name, use, written, machine }: Disclosure, sha256: Sha256): string {
  return sha256(
    JSON.stringify([
      kind,
      name,
      use,
      written,
      machine.host,
      machine.port ?? null,
      kind === 'key' ? (machine.proxyJump ?? null) : null,
    ]),
  );
}

function addressOf({ host, port }: MachineAddress): string {
  return `${host.toLowerCase()}:${port ?? ''}`;
}

function keyId(machine: MachineAddress, fingerprint: string): string {
  return `${addressOf(machine)} ${fingerprint}`;
}

function namesIn(text: string): string[] {
  return listReferences(text).map(({ kind, name }) => `${kind}:${name}`);
}

function withGiven(record: AgreementRecord, ids: readonly string[], keys: readonly VouchedKey[]): AgreementRecord {
  return {
    given: [...new Set([...record.given, ...ids])],
    hostKeys: {
      ...record.hostKeys,
      ...Object.fromEntries(keys.map(({ machine, fingerprint }) => [addressOf(machine), fingerprint])),
    },
  };
}
