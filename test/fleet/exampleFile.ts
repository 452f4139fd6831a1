import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fleet } from './driver/fleet';

const EXAMPLES = join(import.meta.dirname, '../../examples');

/**
 * A cluster file of `examples` as its user has it, on hosts of a fleet: `places` says what stands for each address of the example,
 * a name of a host, several for a range in the order of the fleet, or the last number of an address that is no host.
 */
export function exampleFile(
  fleet: Fleet,
  name: string,
  places: Readonly<Record<string, string | number | readonly string[]>>,
): string {
  let text = readFileSync(join(EXAMPLES, name, 'cluster.k3s.yaml'), 'utf8');
  for (const [written, place] of Object.entries(places)) {
    if (!text.includes(written)) throw new Error(`The example ${name} has no ${written} any more`);
    text = text.replaceAll(new RegExp(`${escaped(written)}(?!\\d)`, 'g'), addressOf(fleet, place));
  }
  const left = /\b10\.0\.\d+\.[\d[]+/.exec(text.replaceAll(/^ *#.*$/gm, ''));
  if (left !== null) throw new Error(`The example ${name} has an address that no host stands for: ${left[0]}`);
  return text.replace(/^( {2}user: ).*(?:\n {2}identityFile: .*)?$/m, `$1auto\n  identityFile: ${fleet.identityFile}`);
}

function addressOf(fleet: Fleet, place: string | number | readonly string[]): string {
  if (typeof place === 'number') return fleet.address(place);
  if (typeof place === 'string') return fleet.host(place).address;
  const last = place.map((name) => Number(fleet.host(name).address.split('.').at(-1)));
  return fleet.host(place[0] ?? '').address.replace(/\d+$/, `[${last[0]}-${last.at(-1)}]`);
}

function escaped(text: string): string {
  return text.replaceAll(/[.[\]]/g, String.raw`\$&`);
}
