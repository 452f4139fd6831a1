import type { Redirection } from 'unbash';
import { SCRIPT_OF, streamOf, type Stream } from './builtins';
import { expandText, textOf, type ShellValues } from './expand';

/** Files that a shell text writes and reads, by their paths. */
export class ShellFiles {
  readonly contents = new Map<string, string>();
  readonly #replaced: (path: string) => void;

  /** `replaced` is told right before a file gets another content. */
  constructor(replaced: (path: string) => void) {
    this.#replaced = replaced;
  }

  /** What a command reads because of its redirections; undefined without one. */
  input(redirects: readonly Redirection[], values: ShellValues): Stream | undefined {
    for (const redirect of redirects) {
      if (redirect.type === 'HereDoc') {
        const { body, delimiter, operator } = redirect;
        const text = body.parts === undefined || delimiter?.quoted === true ? body.text : textOf(body.parts, values);
        return { text: operator === '<<-' ? text.replace(/^\t+/gm, '') : text };
      }
      const path = redirect.target === undefined ? undefined : expandText(redirect.target, values);
      if (path === undefined) continue;
      if (redirect.type === 'HereString') return { text: `${path}\n` };
      const content = path.startsWith(SCRIPT_OF) ? path : this.contents.get(path);
      if (redirect.operator === '<' && content !== undefined) return streamOf(content);
    }
    return undefined;
  }

  /** Whether what a command prints went into a file. */
  redirect(redirects: readonly Redirection[], output: Stream, values: ShellValues): boolean {
    for (const redirect of redirects) {
      if (redirect.type !== 'Redirect' || redirect.target === undefined || !/^>[>|]?$/.test(redirect.operator))
        continue;
      if (redirect.descriptor?.type === 'FileDescriptor' && redirect.descriptor.value !== 1) continue;
      const path = expandText(redirect.target, values);
      if (path === '/dev/null') continue;
      this.write(path, 'text' in output ? output.text : `${SCRIPT_OF}${output.url}`, redirect.operator === '>>');
      return true;
    }
    return false;
  }

  write(path: string, text: string, appends: boolean): void {
    if (!appends && this.contents.has(path)) this.#replaced(path);
    this.contents.set(path, `${appends ? (this.contents.get(path) ?? '') : ''}${text}`);
  }
}
