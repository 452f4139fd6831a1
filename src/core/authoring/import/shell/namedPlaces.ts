import { machinesNamed } from '../configSections';
import { textOf } from '../commandOptions';
import type { InstallCommand } from '../installCommand';
import { joinAddress } from '../joins';

/** What words above a command say about where it is run. */
export interface NamedPlaces {
  readonly hosts: readonly string[];
  /** How many machines they speak of, when they name them by numbers. */
  readonly machines: number;
}

export const NOWHERE: NamedPlaces = { hosts: [], machines: 1 };

const ADDRESS = /(?<![\d./:@-])(?:\d{1,3}\.){3}\d{1,3}(?![\d/]|\.\d|:\d)/g;
/** Addresses of something else than the machine, those of examples, and commands that somebody switched off. */
const OTHER =
  /\b(?:vips?|virtual|load.?balancer|lb|gateway|dns|name ?servers?|registry|proxy|nfs|nas|db|database|mysql|postgres|cidr|netmask|subnet|floating|replace|change|ersetz\w*|example|e\.g|z\. ?B)\b|:\/\/|\b(?:curl|wget|ssh|k3s server|k3s agent|export)\b|替换|修改|例如|负载|虚拟/i;
const NOBODY = /^(?:0\.|127\.|169\.254\.|255\.|22[4-9]\.)/;

const AT_PLACE = '#@ ';

/** A comment that says where the commands below are run. */
export function placeComment(host: string): string {
  return `${AT_PLACE}${host}`;
}

/** What comments, or a line of prose that ends with a colon, say about the commands below; undefined when that is nothing. */
export function placesNamed(text: string, kind: 'comments' | 'prose'): NamedPlaces | undefined {
  const typedAt = text.split('\n').findLast((line) => line.startsWith(AT_PLACE));
  if (typedAt !== undefined) return { hosts: [typedAt.slice(AT_PLACE.length)], machines: 1 };
  const lines =
    kind === 'comments'
      ? text.split('\n').flatMap((line) => /^\s*(?:#|\/\/)+(.*)/.exec(line)?.[1] ?? [])
      : /[:：]\s*$/.test(text) || /^\s*(?:(?:on|auf|at)\b|在)/i.test(text)
        ? [text]
        : [];
  const spoken = lines.filter((line) => !OTHER.test(line));
  const hosts = [...new Set(spoken.flatMap((line) => line.match(ADDRESS) ?? []))].filter((host) => !NOBODY.test(host));
  const machines = Math.max(1, ...spoken.map(machinesNamed));
  return hosts.length > 0 || spoken.some((line) => machinesNamed(line) > 0) ? { hosts, machines } : undefined;
}

/** A command for each machine that the words above it name. One that says itself where it is run knows better, and only who joins is several machines. */
export function atNamedPlaces(command: InstallCommand, named: NamedPlaces): readonly InstallCommand[] {
  const { options } = command;
  if (command.host !== undefined || options['node-ip'] !== undefined || options['node-external-ip'] !== undefined)
    return [command];
  const joined = joinAddress(textOf(options['server']))?.host;
  const hosts = named.hosts.filter((host) => host !== joined);
  if (hosts.length > 1 && joined === undefined) return [command];
  if (hosts.length > 0)
    return hosts.map((host, index) => ({ ...command, host, notes: index === 0 ? command.notes : [] }));
  // A placeholder for the server is one as well.
  const count = options['server'] === undefined ? 1 : named.machines;
  return Array.from({ length: count }, (_none, index) => (index === 0 ? command : { ...command, notes: [] }));
}
