import type { Path } from '../base/path';
import { countHosts, MAX_HOSTS } from './hostRange';
import { asArray, asRecord, asText } from './shape';

/** The machines that a file names, ranges included. */
export interface HostCount {
  readonly count: number;
  /** The entry that names the most of them; absent when none does. */
  readonly largest?: Path;
}

/** Where a file names machines. */
const LISTS = [
  ['servers', 'nodes'],
  ['agents', 'nodes'],
  ['loadBalancer', 'nodes'],
  ['loadBalancer', 'former'],
] as const;

/** Counts the machines of servers, agents and load balancer without making them. Reads data of any shape. */
export function countFileHosts(data: unknown): HostCount {
  const file = asRecord(data);
  const found: { count: number; most: number; largest?: Path } = { count: 0, most: 0 };
  const add = (text: string | undefined, path: Path): void => {
    if (text === undefined) return;
    const hosts = countHosts(text);
    found.count += hosts;
    if (hosts > found.most) [found.most, found.largest] = [hosts, path];
  };
  for (const [section, key] of LISTS) {
    const nodes = asRecord(file[section])[key];
    for (const [index, entry] of asArray(typeof nodes === 'string' ? [nodes] : nodes).entries()) {
      add(asText(typeof entry === 'object' ? asRecord(entry)['host'] : entry), [section, key, index]);
    }
  }
  return { count: found.count, ...(found.largest === undefined ? {} : { largest: found.largest }) };
}

/** Whether a file names more machines than are worked with; its ranges are not expanded then. */
export function hasTooManyHosts({ count }: HostCount): boolean {
  return count > MAX_HOSTS;
}
