import { ASIDE_FOLDER, CONFIG_PATH, K3S_UNITS, type K3sUnit } from '../k3s/paths';
import type { FactTopic, FactValues } from './topic';

/** What is installed and runs of K3s. */
export interface K3sTopic {
  /** e.g. `v1.36.3+k3s1`; absent when K3s is not installed. */
  readonly k3sVersion?: string;
  /** Where that K3s is: the program of its unit, e.g. `/usr/local/bin/k3s`. */
  readonly k3sBinary?: string;
  readonly units: Readonly<Partial<Record<K3sUnit, UnitFacts>>>;
  /** The configuration or the binary is newer than the running process. */
  readonly restartPending: boolean;
  /** What a change put aside that has not been proved yet: the run that made it was cut off. */
  readonly aside: boolean;
}

export interface UnitFacts {
  /** systemd ActiveState: active, activating, inactive, failed … */
  readonly active: string;
  readonly sub: string;
  readonly restarts: number;
  readonly enabled: boolean;
  /** systemd's InvocationID: another one is another run. Empty when it never ran. */
  readonly invocation: string;
  /** Words after the binary in ExecStart: `server` or `agent` and its arguments. May hold secrets. */
  readonly command: readonly string[];
  /** Variables of the unit's environment files. May hold secrets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Each answer of systemd takes a host about as long as everything else here, so it is asked twice a unit and not once a property. */
export const k3sFacts: FactTopic<K3sTopic> = {
  name: 'k3s',
  script: `binary=$(k3s_path)
put k3s_binary "$binary"
if [ -n "$binary" ]; then put k3s_version "$("$binary" --version 2>/dev/null | awk 'NR == 1 {print $3}')"; fi
pending=no
for unit in ${K3S_UNITS.join(' ')}; do
  file=$(systemctl cat "$unit" 2>/dev/null) || continue
  shown=$(systemctl show "$unit" -p ActiveState -p SubState -p NRestarts -p UnitFileState -p InvocationID -p ExecMainStartTimestamp)
  printf '%s\\n' "$shown" | awk -v unit="$unit" '{ at = index($0, "="); of[substr($0, 1, at - 1)] = substr($0, at + 1) }
    END { printf "unit %s=%s %s %s %s\\ninvocation %s=%s\\n", unit, of["ActiveState"], of["SubState"], of["NRestarts"], of["UnitFileState"], unit, of["InvocationID"] }'
  put "unit_file $unit" "$(printf '%s\\n' "$file" | escaped)"
  for file in $(unit_environments "$unit"); do
    put_file "environment $unit $file" "$file"
  done
  started=$(printf '%s\\n' "$shown" | sed -n 's/^ExecMainStartTimestamp=//p')
  case $shown in
  *ActiveState=active*)
    if [ -n "$started" ]; then
      started=$(date -d "$started" +%s 2>/dev/null || echo 0)
      changed=$(stat -L -c %Y ${CONFIG_PATH} ${CONFIG_PATH}.d/*.yaml "$binary" "$(unit_environment "$unit")" 2>/dev/null | sort -n | tail -n 1)
      if [ "${'${changed:-0}'}" -gt "$started" ]; then pending=yes; fi
    fi ;;
  esac
done
put restart_pending "$pending"
if [ -d ${ASIDE_FOLDER} ]; then put aside yes; fi
`,
  read: (values) => {
    const version = values.optional('k3s_version');
    const binary = values.optional('k3s_binary');
    const units = K3S_UNITS.flatMap((name) => {
      const read = unitFacts(values, name);
      return read === undefined ? [] : [[name, read] as const];
    });
    return {
      ...(version === undefined ? {} : { k3sVersion: version }),
      ...(binary === undefined ? {} : { k3sBinary: binary }),
      units: Object.fromEntries(units),
      restartPending: values.yes('restart_pending'),
      aside: values.yes('aside'),
    };
  },
};

function unitFacts(values: FactValues, name: K3sUnit): UnitFacts | undefined {
  const line = values.optional(`unit ${name}`);
  if (line === undefined) return undefined;
  const [active = '', sub = '', restarts = '0', enabled = ''] = line.split(' ');
  const files = [...values.texts(`environment ${name}`)].map(([, text]) => text);
  return {
    active,
    sub,
    restarts: Number(restarts) || 0,
    enabled: enabled.startsWith('enabled'),
    invocation: values.optional(`invocation ${name}`) ?? '',
    command: execStart(values.texts('unit_file').get(name) ?? ''),
    environment: Object.assign({}, ...files.map(variables)) as Record<string, string>,
  };
}

/** The words of the last ExecStart of a unit and its drop-ins, without the binary. */
function execStart(text: string): readonly string[] {
  const lines = [...text.replaceAll(/\\\n/g, ' ').matchAll(/^ExecStart=(.+)$/gm)];
  const words = lines.at(-1)?.[1]?.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.slice(1).map(bare);
}

/** `NAME=value` lines as systemd reads them. https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html */
function variables(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/gm)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, bare(value.trim())]));
}

function bare(word: string): string {
  return word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? '');
}
