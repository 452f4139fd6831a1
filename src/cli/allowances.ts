import type { Disclosure } from '../core/cluster/disclosures';
import { err, ok, type Result } from '../core/base/result';
import { allowanceName } from '../engine/secrets/disclosureQuestion';
import type { VouchedKey } from '../engine/ports';

/** What `--allow-secrets` options allow for one run. */
export interface Allowances {
  disclosure(disclosure: Disclosure): boolean;
  key(key: VouchedKey): boolean;
}

/**
 * Reads `--allow-secrets NAME=HOST[,HOST…]` options: NAME is the name of a secret, or `env:NAME`, `file:PATH`, `key:PATH`,
 * `known-hosts:PATH` as the cluster file writes it; HOST is an address or a node of the file. The error is a sentence.
 */
export function parseAllowances(options: readonly string[]): Result<Allowances, string> {
  const hosts = new Map<string, Set<string>>();
  for (const option of options) {
    const at = option.lastIndexOf('=');
    const [name, list] = [
      option.slice(0, at),
      option
        .slice(at + 1)
        .split(',')
        .filter((host) => host !== ''),
    ];
    if (at < 1 || list.length === 0) return err(`--allow-secrets needs NAME=HOST[,HOST…]; "${option}" is not that.`);
    hosts.set(name, new Set([...(hosts.get(name) ?? []), ...list]));
  }
  const isAllowed = (name: string, ...ways: readonly string[]): boolean =>
    ways.some((way) => hosts.get(name)?.has(way) === true);
  return ok({
    disclosure: (disclosure) => isAllowed(allowanceName(disclosure), disclosure.machine.host, disclosure.machine.id),
    key: ({ file, machine }) => isAllowed(`known-hosts:${file}`, machine.host),
  });
}
