import { K3S_UNITS } from '../k3s/paths';
import type { FactTopic } from './topic';

/** Services that start K3s under other names than its own install script gives them; absent where a host has none. */
export interface OtherUnitTopic {
  readonly otherUnits?: readonly OtherUnit[];
}

export interface OtherUnit {
  /** Without `.service`, e.g. `k3s-node`. */
  readonly name: string;
  readonly role: 'server' | 'agent';
  /** systemd's ActiveState. */
  readonly active: string;
  readonly enabled: boolean;
}

/**
 * Playbooks have called the service of agents k3s-node, and `INSTALL_K3S_NAME` makes k3s-NAME. What only calls `k3s kubectl` or saves
 * a snapshot is none. https://github.com/timothystewart6/k3s-ansible/blob/master/roles/k3s_agent/tasks/main.yml
 */
export const otherUnitFacts: FactTopic<OtherUnitTopic> = {
  name: 'otherUnit',
  script: String.raw`grep -ls '/k3s' $(unit_file '*') 2>/dev/null | while read -r file; do
  name=${'${file##*/}'}
  name=${'${name%.service}'}
  case $name in ${K3S_UNITS.join(' | ')}) continue ;; esac
  case $(readlink -f "$file") in ${K3S_UNITS.map((unit) => `*/${unit}.service`).join(' | ')}) continue ;; esac
  role=$(systemctl cat "$name" 2>/dev/null | awk '
    { line = line $0; if (sub(/\\$/, " ", line)) next; if (line ~ /^ExecStart=./) command = line; line = "" }
    END { if (match(command, /\/k3s["\047]?[ \t]+(-[^ \t]+[ \t]+)*(server|agent)([ \t"\047]|$)/)) {
            found = substr(command, RSTART, RLENGTH); sub(/[ \t"\047]*$/, "", found)
            print (found ~ /server$/) ? "server" : "agent" } }')
  if [ -n "$role" ]; then
    put "other_k3s $name" "$role $(systemctl show "$name" -p ActiveState | cut -d= -f2-) $(systemctl show "$name" -p UnitFileState | cut -d= -f2-)"
  fi
done
`,
  read: (values) => {
    // Names go into commands that people copy; systemd knows no others.
    const named = [...values.texts('other_k3s')].filter(([name]) => /^[\w:.@-]+$/.test(name));
    const units = named.map(([name, line]): OtherUnit => {
      const [role, active = '', enabled = ''] = line.split(' ');
      return { name, role: role === 'server' ? 'server' : 'agent', active, enabled: enabled.startsWith('enabled') };
    });
    return units.length === 0 ? {} : { otherUnits: units };
  },
};
