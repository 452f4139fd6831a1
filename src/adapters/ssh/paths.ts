import { resolve } from 'node:path';

/** What the parts of a path mean that are filled in. */
export interface PathContext {
  readonly homeDir: string;
  /** Relative paths start here. */
  readonly baseDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of ssh's percent tokens, e.g. `h` for the host name. */
  readonly tokens?: Readonly<Record<string, string>>;
}

/** An absolute path: expands a leading `~`, `${NAME}` from the environment and percent tokens, as ssh does. */
export function expandPath(text: string, context: PathContext): string {
  return resolve(context.baseDir, expandText(text, context));
}

/** Whether a path of a cluster file leads to another machine: Windows logs in to a server that is only read from. */
export function isNetworkPath(text: string, context: PathContext): boolean {
  return /^[\\/]{2}/.test(expandText(text, context));
}

function expandText(text: string, { homeDir, env, tokens = {} }: PathContext): string {
  const unquoted = /^".*"$/.test(text) ? text.slice(1, -1) : text;
  const home = /^~(?=$|[/\\])/.test(unquoted) ? homeDir + unquoted.slice(1) : unquoted;
  return home
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole)
    .replace(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (tokens[token] ?? whole)));
}
