import { say } from '../base/say';
import type { Severity } from '../rules/rule';
import { verdict } from '../topology/verdict';
import { count } from '../base/words';
import type { Inspection } from './validate';

export interface LanguageStatus {
  readonly severity: 'error' | 'warning' | 'info';
  /** A few words, e.g. `K3s v1.36.3+k3s1 · 3 servers, 2 agents · 2 problems`. */
  readonly text: string;
  /** A sentence or two: what the cluster survives, what the problems are made of. */
  readonly detail: string;
}

/** The file in one line; hints are no problems. */
export function languageStatus({ cluster, diagnostics }: Inspection): LanguageStatus {
  const number = (severity: Severity): number => diagnostics.filter((one) => one.severity === severity).length;
  const kinds = [
    [number('error'), 'error'],
    [number('warning'), 'warning'],
    [number('info'), 'note'],
  ] as const;
  const [[errors], [warnings]] = kinds;
  const found = kinds.reduce((sum, [amount]) => sum + amount, 0);
  const unreadable = diagnostics.find(({ source }) => source === 'yaml');
  if (unreadable !== undefined)
    return { severity: 'error', text: say`Not readable · ${count(found, 'problem')}`, detail: unreadable.message };
  const { version, channel } = cluster.k3s;
  const nodes = `${count(cluster.servers.length, 'server')}, ${count(cluster.agents.length, 'agent')}`;
  const made = kinds
    .filter(([amount]) => amount > 0)
    .map(([amount, noun]) => count(amount, noun))
    .join(', ');
  return {
    severity: errors > 0 ? 'error' : warnings > 0 ? 'warning' : 'info',
    text: `K3s ${version ?? say`channel ${channel ?? 'stable'}`} · ${nodes} · ${found === 0 ? say`no problems` : count(found, 'problem')}`,
    detail: [verdict(cluster), ...(made === '' ? [] : [`${made}.`])].join(' '),
  };
}
