import { setValue } from '../../document/edit';
import type { TextEdit } from '../../base/text';
import type { ClusterNode } from '../../cluster/cluster';
import type { RuleContext } from '../rule';
import type { Place } from './places';
import { firstPlace, hostPlace, optionPaths, value } from './places';
import { isWrittenOn, writtenText } from '../../cluster/written';

/** The name the node registers with, as far as the file tells; K3s takes the machine's host name otherwise. */
export function registeredName(node: ClusterNode): string | undefined {
  return writtenText(node, 'node-name') ?? node.name;
}

/** Whether K3s appends a random id, which makes any name unique. */
export function hasNodeId(node: ClusterNode): boolean {
  return isWrittenOn(node, 'with-node-id');
}

/** Where the name is written. */
export function namePlace(context: RuleContext, node: ClusterNode): Place {
  const [option] = optionPaths(context, node, 'node-name');
  const candidates = [...(option === undefined ? [] : [value(option)]), value([...node.path, 'name'])];
  const { document } = context;
  const found = candidates.find(({ path }) => document.rangeOf(path, 'value') !== undefined);
  return found === undefined ? hostPlace(document, node) : firstPlace(document, found);
}

/** Gives the node another name where its own entry names it; a name shared through `config` is overridden in the entry. */
export function rename(context: RuleContext, node: ClusterNode, name: string): readonly TextEdit[] {
  const [option] = optionPaths(context, node, 'node-name');
  if (option === undefined) return setValue(context.document, [...node.path, 'name'], name);
  return setValue(context.document, [...node.path, 'config', 'node-name'], name);
}
