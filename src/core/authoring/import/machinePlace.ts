import type { NodeRole } from '../../k3s/nodeRole';
import { textOf } from './commandOptions';
import type { InstallCommand } from './installCommand';
import { holdsPlaceholder } from './placeholder';

/** What a command says about its machine. */
export interface Place {
  readonly name: string | undefined;
  readonly address: string;
  /** What stands for an address that the command does not tell; equal to `address` then. */
  readonly placeholder: string;
}

const IP = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]+)$/i;

/** Where the machine of a command is, as far as the command says. */
export function placeOf(role: NodeRole, { host, options }: InstallCommand, index: number): Place {
  const written = textOf(options['node-name']);
  const name = written === undefined || holdsPlaceholder(written) ? undefined : written;
  const placeholder = `${name ?? `${role}-${index + 1}`}.example.com`;
  const address =
    [
      host,
      ...['node-ip', 'node-external-ip', 'advertise-address', 'bind-address'].map((option) => textOf(options[option])),
      IP.test(name ?? '') ? name : undefined,
    ]
      .map((text) => text?.split(',')[0])
      .find((text) => text !== undefined && /^[\w.:-]+$/.test(text) && !/^(?:0\.0\.0\.0|::|127\..*)$/.test(text)) ??
    placeholder;
  return { name, address, placeholder };
}

/** The entry that is this machine; undefined when there is none. */
export function indexOfMachine(
  entries: readonly unknown[],
  { name, address, placeholder }: Place,
  index: number,
): number | undefined {
  const found = entries.findIndex((entry) => {
    const { host: present, name: called } = (typeof entry === 'object' && entry !== null ? entry : {}) as {
      readonly host?: unknown;
      readonly name?: unknown;
    };
    return present === address || (name !== undefined && called === name);
  });
  if (found >= 0) return found;
  // A command that names no machine says nothing about how many there are.
  return address === placeholder && entries.length > index ? index : undefined;
}
