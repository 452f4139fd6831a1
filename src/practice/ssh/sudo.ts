import { STDIN_MARK, STDIN_MARK_MISSING, type ParsedCommandLine } from '../../core/remote/shell';
import type { PracticeUser } from '../options';

/** What became of `sudo` in front of a script. */
export type SudoOutcome =
  | { readonly kind: 'run'; readonly root: boolean; readonly stdin: string }
  | { readonly kind: 'refused'; readonly exitCode: number; readonly stderr: string };

/** Plays sudo: reads the password line from standard input only when this user's rule asks for one. */
export function applySudo(user: PracticeUser, elevation: ParsedCommandLine['elevation'], stdin: string): SudoOutcome {
  if (elevation === 'none') return { kind: 'run', root: user.name === 'root', stdin };
  const rule = user.name === 'root' ? 'nopasswd' : (user.sudo ?? 'nopasswd');
  if (rule === 'none') return { kind: 'refused', exitCode: 127, stderr: 'sh: 1: sudo: not found\n' };
  if (rule === 'refused') return { kind: 'refused', exitCode: 1, stderr: `${user.name} is not in the sudoers file.\n` };
  if (elevation === 'sudo') {
    return rule === 'nopasswd'
      ? { kind: 'run', root: true, stdin }
      : { kind: 'refused', exitCode: 1, stderr: 'sudo: a password is required\n' };
  }
  let rest = stdin;
  if (rule === 'password') {
    const [password, after] = firstLine(rest);
    if (password !== (user.password ?? '')) {
      return {
        kind: 'refused',
        exitCode: 1,
        stderr: 'Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n',
      };
    }
    rest = after;
  }
  const [mark, data] = firstLine(rest);
  return mark === STDIN_MARK
    ? { kind: 'run', root: true, stdin: data }
    : { kind: 'refused', exitCode: STDIN_MARK_MISSING, stderr: '' };
}

function firstLine(text: string): [string, string] {
  const end = text.indexOf('\n');
  return end < 0 ? [text, ''] : [text.slice(0, end), text.slice(end + 1)];
}
