import { difference } from '../base/difference';
import { formatPath, type Path } from '../base/path';
import { err, ok, type Result } from '../base/result';
import { applyEdits, type TextEdit } from '../base/text';
import { listed } from '../base/words';
import type { Cluster, ClusterNode } from '../cluster/cluster';
import { normalise } from '../cluster/normalise';
import { nodesOf } from '../cluster/roles';
import type { ClusterDocument } from '../document/clusterDocument';
import { dataAt } from '../document/dataAt';
import { appendItem, removeEntry, setValue } from '../document/edit';
import { parseDocument } from '../document/parse';
import type { PlainValue } from '../document/render';
import type { OptionTexts } from '../facts/presentOptions';
import {
  differencesOf,
  groupsOf,
  isAdoptable,
  type DriftSubject,
  type HostDifference,
  type HostDrift,
  type Stranger,
} from '../health/hostDrift';
import { fileOption, remainingDrift } from '../health/remainingDrift';
import { markKey } from '../health/nodeMarks';
import { isOn } from '../cluster/options';
import { isListOption, K3S_OPTIONS } from '../k3s/options';
import { optionPaths } from '../rules/reading/places';

// What runs is taken into the file: minimal edits that keep its comments, and each is read again before it is believed.

interface Described {
  readonly document: ClusterDocument;
  readonly cluster: Cluster;
}

/** What is taken over, after "Adopt". */
export function adoptedWords({ about }: HostDifference): string {
  switch (about.kind) {
    case 'option':
      return about.present === undefined
        ? `that ${about.name} is not set`
        : `${about.name} ${about.present.join(', ')}`;
    case 'version':
      return about.present;
    case 'mark':
      return about.present === '' ? `that there is no ${about.option} ${about.key}` : about.present;
    default:
      return 'it';
  }
}

/** The edits by which the file says of these machines what was seen there: those that have the same difference, asked for together. */
export function adoptDifferences(
  file: Described,
  same: readonly HostDifference[],
  drift: HostDrift,
): Result<readonly TextEdit[], string> {
  const adopted = withDifferences(file, same, drift);
  return adopted.ok ? ok(difference(file.document.text, adopted.value.document.text)) : adopted;
}

/** The same for all that can be taken over, as one change, with what cannot as sentences. */
export function adoptAll(
  file: Described,
  drift: HostDrift,
): { readonly edits: readonly TextEdit[]; readonly left: readonly string[] } {
  let described = file;
  const left: string[] = [];
  for (const group of groupsOf(differencesOf(drift).filter(isAdoptable))) {
    const next = withDifferences(described, group, drift);
    if (next.ok) described = next.value;
    else left.push(next.error);
  }
  for (const stranger of drift.strangers) {
    const next = withStranger(described, stranger);
    if (next.ok) described = next.value;
    else left.push(next.error);
  }
  return { edits: difference(file.document.text, described.document.text), left };
}

/** Adds a node that the cluster has, by the address that the cluster knows of it. */
export function adoptStranger(file: Described, stranger: Stranger): Result<readonly TextEdit[], string> {
  const adopted = withStranger(file, stranger);
  return adopted.ok ? ok(difference(file.document.text, adopted.value.document.text)) : adopted;
}

function withStranger({ document }: Described, { name, role, address }: Stranger): Result<Described, string> {
  if (address === undefined) return err(`The Node ${name} has no address at which its machine could be reached.`);
  return read(document, appendItem(document, [`${role}s`, 'nodes'], { host: address, name }), name);
}

function withDifferences(
  file: Described,
  same: readonly HostDifference[],
  drift: HostDrift,
): Result<Described, string> {
  const [first] = same;
  if (first === undefined) return ok(file);
  const { about } = first;
  const nodes = nodesOf(file.cluster).filter(({ id }) => same.some(({ machine }) => machine === id));
  switch (about.kind) {
    case 'version':
      return withVersion(file, about.present, drift);
    case 'option':
      return checked(file, withOption(file, nodes, about.name, about.present), first, nodes, about.name);
    case 'mark':
      return checked(file, withMark(file, nodes, about), first, nodes, about.option);
    default:
      return err(`The file has no place for it: ${first.seen}.`);
  }
}

/** A file says one release for all machines. */
function withVersion({ document }: Described, present: string, { machines }: HostDrift): Result<Described, string> {
  const others = machines.filter(
    ({ differences }) => !differences.some(({ about }) => about.kind === 'version' && about.present === present),
  );
  if (others.length > 0)
    return err(
      `The file has one release for all machines, and ${listed(others.map(({ id }) => id))} ${others.length === 1 ? 'has' : 'have'} another one than ${present}.`,
    );
  return read(document, setValue(document, ['k3s', 'version'], present), 'k3s.version');
}

function withMark(
  file: Described,
  nodes: readonly ClusterNode[],
  { option, key, present }: Extract<DriftSubject, { readonly kind: 'mark' }>,
): Result<Described, string> {
  let described = file;
  for (const { id } of nodes) {
    const node = nodesOf(described.cluster).find((one) => one.id === id);
    if (node === undefined) continue;
    const marks = (fileOption(described.cluster, node, option) ?? []).flatMap((text) =>
      markKey(option, text) !== key ? [text] : present === '' ? [] : [present],
    );
    const next = withOption(described, [node], option, marks);
    if (!next.ok) return next;
    described = next.value;
  }
  return ok(described);
}

/** Writes the option where it stands when that place is of these nodes alone, else beside each of them. */
function withOption(
  file: Described,
  nodes: readonly ClusterNode[],
  name: string,
  present: OptionTexts | undefined,
): Result<Described, string> {
  const ids = new Set(nodes.map(({ id }) => id));
  let described = file;
  for (const { id } of nodes) {
    const node = nodesOf(described.cluster).find((one) => one.id === id);
    if (node === undefined || sameTexts(fileOption(described.cluster, node, name), present)) continue;
    const [place] = optionPaths(described, node, name);
    const shared: Path = [`${node.role}s`, 'config', name];
    const alike = nodesOf(described.cluster).filter(({ role }) => role === node.role);
    const isOfAll = alike.every((one) => ids.has(one.id));
    const own: Path = [...node.path, 'config', name];
    const isPlain = place !== undefined && place.at(-1) === name;
    const isShared = place !== undefined && formatPath(place) === formatPath(shared);
    const { document } = described;
    const edits =
      present === undefined
        ? isPlain && (!isShared || isOfAll)
          ? removeEntry(document, place)
          : []
        : isPlain && !isShared
          ? setValue(document, place, written(name, present))
          : isOfAll && (place === undefined || isShared)
            ? setValue(document, shared, written(name, present))
            : ownOption(document, node, own, name, present);
    const next = read(document, edits, name);
    if (!next.ok) return next;
    described = next.value;
  }
  return ok(described);
}

function ownOption(
  document: ClusterDocument,
  node: ClusterNode,
  own: Path,
  name: string,
  present: OptionTexts,
): readonly TextEdit[] {
  const entry = dataAt(document.data, node.path);
  return typeof entry === 'string'
    ? setValue(document, node.path, { host: entry, config: { [name]: written(name, present) } })
    : setValue(document, own, written(name, present));
}

/** As a person would write it. */
function written(name: string, texts: OptionTexts): PlainValue {
  if (isListOption(name)) return [...texts];
  const [text = ''] = texts;
  const { type } = K3S_OPTIONS[name] ?? {};
  if (type === 'boolean') return isOn(text);
  return type === 'integer' && /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}

function sameTexts(a: OptionTexts | undefined, b: OptionTexts | undefined): boolean {
  return a === undefined || b === undefined ? a === b : JSON.stringify(a) === JSON.stringify(b);
}

/** The file after the edits; a sentence when they could not be made. */
function read(document: ClusterDocument, edits: readonly TextEdit[], what: string): Result<Described, string> {
  if (edits.length === 0)
    return err(`The file is written in a way in which ${what} cannot be taken over: change it by hand.`);
  const next = parseDocument(applyEdits(document.text, edits), document);
  return ok({ document: next, cluster: normalise(next.data) });
}

/** Whether the file then says what was seen: of these machines, and of no other one anything new. */
function checked(
  before: Described,
  made: Result<Described, string>,
  one: HostDifference,
  nodes: readonly ClusterNode[],
  name: string,
): Result<Described, string> {
  if (!made.ok) return made;
  const after = made.value.cluster;
  const ids = new Set(nodes.map(({ id }) => id));
  const machines = nodes.map(({ id }) => ({ id, host: id, differences: [{ ...one, machine: id }] }));
  const left = differencesOf(remainingDrift({ machines, unseen: [], strangers: [], problems: [] }, after));
  const others = nodesOf(before.cluster).filter(({ id }) => !ids.has(id));
  const changed = others.filter((node) => {
    const same = nodesOf(after).find(({ id }) => id === node.id);
    const now = same === undefined ? undefined : fileOption(after, same, name);
    return !sameTexts(fileOption(before.cluster, node, name), now);
  });
  return left.length === 0 && changed.length === 0
    ? made
    : err(
        `The file cannot say it of ${listed(nodes.map(({ id }) => id))} alone, because they share an entry or a line with others: change it by hand.`,
      );
}
