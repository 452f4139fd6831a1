import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../fixtures/k3s');

/** A fault that was provoked on a real K3s: its journal, and what systemd showed. */
export interface RecordedFault {
  readonly id: string;
  readonly role: string;
  readonly journal: readonly string[];
  readonly systemd: string;
}

/** A file of the recordings. */
export function recording(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** The messages of a recorded journal, as `journalctl -o cat` prints them; those of one host when it holds several. */
export function messages(text: string, host = '\\S+'): string[] {
  const head = new RegExp(`^(?:\\S+|\\w{3} \\d+ \\S+) ${host} [\\w-]+\\[\\d+\\]: `);
  return text.split('\n').flatMap((line) => (head.test(line) ? [line.replace(head, '')] : []));
}

export function recordedFaults(): RecordedFault[] {
  return JSON.parse(recording('faults.json')) as RecordedFault[];
}
