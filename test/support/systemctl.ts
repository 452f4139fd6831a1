import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShellHost } from './shellHost';

/** A systemctl that shows properties of units as the test sets them, and their files; it does nothing else. */
const SYSTEMCTL = `case $1 in
  cat) cat "$HOST/etc/systemd/system/$2.service" ;;
  show) printf '%s=%s\\n' "$4" "$(cat "$HOST/units/$2/$4" 2>/dev/null)" ;;
  is-active) exit 3 ;;
  daemon-reload) echo "$1" >> "$HOST/systemctl.log" ;;
  *) echo "unexpected: $*" >&2; exit 64 ;;
esac
`;

export function systemctlOn(host: ShellHost): void {
  host.program('systemctl', SYSTEMCTL);
}

/** What systemctl shows of a unit from now on. */
export function showUnit(host: ShellHost, unit: string, properties: Readonly<Record<string, string>>): void {
  const folder = join(host.folder, 'units', unit);
  mkdirSync(folder, { recursive: true });
  for (const [name, value] of Object.entries(properties)) writeFileSync(join(folder, name), `${value}\n`);
}
