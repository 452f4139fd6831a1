import { STDIN_MARK, STDIN_MARK_MISSING, type ParsedCommandLine } from '../../core/remote/shell';
import type { PracticeUser } from '../options';
import type { HostInput } from './hostInput';

/** What became of `sudo` in front of a script; the input is read up to where the script begins to read. */
export type SudoOutcome =
  | { readonly kind: 'run'; readonly root: boolean }
  | { readonly kind: 'refused'; readonly exitCode: number; readonly stderr: string };

/** Plays sudo: reads the password line from standard input only when this user's rule asks for one. */
export async function applySudo(
  user: PracticeUser,
  elevation: ParsedCommandLine['elevation'],
  stdin: HostInput,
): Promise<SudoOutcome> {
  if (elevation === 'none') return { kind: 'run', root: user.name === 'root' };
  const rule = user.name === 'root' ? 'nopasswd' : (user.sudo ?? 'nopasswd');
  if (rule === 'none') return { kind: 'refused', exitCode: 127, stderr: 'sh: 1: sudo: not found\n' };
  if (rule === 'refused') return { kind: 'refused', exitCode: 1, stderr: `${user.name} is not in the sudoers file.\n` };
  if (elevation === 'sudo') {
    return rule === 'nopasswd'
      ? { kind: 'run', root: true }
      : { kind: 'refused', exitCode: 1, stderr: 'sudo: a password is required\n' };
  }
  if (rule === 'password' && (await stdin.line()) !== (user.password ?? '')) {
    return {
      kind: 'refused',
      exitCode: 1,
      stderr: 'Sorry, try again.\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n',
    };
  }
  return (await stdin.line()) === STDIN_MARK
    ? { kind: 'run', root: true }
    : { kind: 'refused', exitCode: STDIN_MARK_MISSING, stderr: '' };
}
