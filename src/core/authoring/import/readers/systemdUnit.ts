import type { SourceText } from '../installCommand';
import { markPlaceholders, withoutMarks } from '../placeholder';
import { quotedList } from '../quoted';
import { fromScript } from '../scriptCommand';
import { shellWords } from '../shell/shellWords';
import type { Reader } from './reader';

const EXEC = /^[ \t]*ExecStart[ \t]*=[ \t]*[-@:+!]*[^\n]*\bk3s(?=[\s"'\\]|$)/m;
/** Lines that the install script writes into every unit. https://github.com/k3s-io/k3s/blob/master/install.sh */
const USUAL =
  /^(?:Description|Documentation|Wants|After|WantedBy|Type|EnvironmentFile|KillMode|Delegate|User|LimitNOFILE|LimitNPROC|LimitCORE|TasksMax|TimeoutStartSec|Restart|RestartSec|StartLimit\w+)=|^ExecStartPre=.*(?:modprobe|nm-cloud-setup)/;

/** Whether a unit starts K3s. */
export function startsK3s(text: string): boolean {
  return EXEC.test(text);
}

/** A unit of systemd that starts K3s, with its `Environment=` lines. */
export const systemdUnit: Reader = {
  name: 'a systemd unit',
  claims: ({ text }) => startsK3s(text),
  read(sources) {
    const units = sources.map(readUnit);
    return { commands: units.map(({ command }) => command), notes: units.flatMap(({ notes }) => notes) };
  },
};

function readUnit({ text }: SourceText): {
  readonly command: ReturnType<typeof fromScript>;
  readonly notes: readonly string[];
} {
  const { args, variables, left } = unitOf(text);
  return {
    command: fromScript({ args, variables }),
    notes:
      left.length === 0
        ? []
        : [`Lines of the unit that K3s HA does not write, and that were not taken over: ${quotedList(left)}.`],
  };
}

/** What a unit starts K3s with, and its lines that say something else; continued ones are joined. https://www.freedesktop.org/software/systemd/man/systemd.syntax.html */
export function unitOf(text: string): {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly left: readonly string[];
} {
  const lines = markPlaceholders(withoutMarks(text).replace(/\r\n?/g, '\n'))
    .replace(/\\[ \t]*\n[ \t]*/g, ' ')
    .split('\n')
    .map((line) => line.trim());
  const variables: Record<string, string> = {};
  let args: readonly string[] = [];
  const left: string[] = [];
  for (const line of lines) {
    const [, key = '', value = ''] = /^([A-Za-z]\w*)[ \t]*=[ \t]*(.*)$/.exec(line) ?? [];
    const bare = /^(?:INSTALL_)?K3S_\w+$/.test(key);
    if (key === 'ExecStart' && /\bk3s\b/.test(value)) args = k3sArguments(value);
    else if (key === 'Environment') Object.assign(variables, pairsOf(value));
    else if (bare) Object.assign(variables, pairsOf(line));
    else if (line !== '' && !/^[#;[]/.test(line) && !USUAL.test(line)) left.push(line);
  }
  return { args, variables, left };
}

/** What stands behind the program, whatever starts it. */
function k3sArguments(value: string): readonly string[] {
  const words = shellWords(value);
  const at = words.findIndex((word) => /(?:^|\/)k3s$/.test(word.replace(/^[-@:+!]+/, '')));
  return words.slice(at + 1);
}

function pairsOf(value: string): Record<string, string> {
  return Object.fromEntries(
    shellWords(value).flatMap((word) => {
      const pair = /^(\w+)=(.*)$/s.exec(word);
      return pair === null ? [] : [[pair[1] ?? '', pair[2] ?? '']];
    }),
  );
}
