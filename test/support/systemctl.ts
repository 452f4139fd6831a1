import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShellHost } from './shellHost';

/** A systemctl that shows properties of units as the test sets them, and their files; it does nothing else. */
const SYSTEMCTL = `echo "$1 $2" >> "$HOST/systemctl.asked"
case $1 in
  cat) cat "$HOST/etc/systemd/system/$2.service" ;;
  show)
    unit=$2
    shift 2
    while [ $# -gt 1 ]; do
      printf '%s=%s\\n' "$2" "$(cat "$HOST/units/$unit/$2" 2>/dev/null)"
      shift 2
    done
    ;;
  is-active) exit 3 ;;
  daemon-reload) echo "$1" >> "$HOST/systemctl.log" ;;
  *) echo "unexpected: $*" >&2; exit 64 ;;
esac
`;

/** Puts it on the host; `systemctl.asked` in its folder has each question as `VERB UNIT`. */
export function systemctlOn(host: ShellHost): void {
  writeFileSync(join(host.folder, 'systemctl.asked'), '');
  host.program('systemctl', SYSTEMCTL);
}

/** What systemctl shows of a unit from now on. */
export function showUnit(host: ShellHost, unit: string, properties: Readonly<Record<string, string>>): void {
  const folder = join(host.folder, 'units', unit);
  mkdirSync(folder, { recursive: true });
  for (const [name, value] of Object.entries(properties)) writeFileSync(join(folder, name), `${value}\n`);
}
