import { say } from '../../base/say';
import type { RuleContext } from '../rule';
import type { NodeRole } from '../../k3s/nodeRole';
import type { ClusterNode } from '../../cluster/cluster';
import type { Path } from '../../base/path';
import { writtenOptions } from './places';

/** An option in the file that machines read, of a role that reads it. */
export interface OptionUse {
  readonly role: NodeRole;
  readonly name: string;
  readonly value: unknown;
  readonly path: Path;
  readonly nodes: readonly ClusterNode[];
}

/** The options that other rules explain better than a general rule about options could. */
const EXPLAINED = new Set(['no-deploy', 'cluster-secret', 'no-flannel', 'disable-selinux']);

export function optionUses(context: RuleContext): readonly OptionUse[] {
  return writtenOptions(context).filter(({ name }) => !EXPLAINED.has(name));
}

/** What a machine does with a key that it does not know. https://docs.k3s.io/installation/configuration#configuration-file */
export function effectOfUnknown(role: NodeRole, name: string): string {
  return role === 'server'
    ? say`K3s servers skip keys that they do not know, so it has no effect`
    : say`K3s agents stop at keys that they do not know: "flag provided but not defined: -${name}"`;
}
