import { resolve } from 'node:path';

interface PathContext {
  readonly homeDir: string;
  /** Relative paths start here. */
  readonly baseDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Values of ssh's percent tokens, e.g. `h` for the host name. */
  readonly tokens?: Readonly<Record<string, string>>;
}

/** An absolute path: expands a leading `~`, `${NAME}` from the environment and percent tokens, as ssh does. */
export function expandPath(text: string, { homeDir, baseDir, env, tokens = {} }: PathContext): string {
  const unquoted = /^".*"$/.test(text) ? text.slice(1, -1) : text;
  const home = /^~(?=$|[/\\])/.test(unquoted) ? homeDir + unquoted.slice(1) : unquoted;
  const expanded = home
    .replace(/\$\{(\w+)\}/g, (whole, name: string) => env[name] ?? whole)
    .replace(/%(.)/g, (whole, token: string) => (token === '%' ? '%' : (tokens[token] ?? whole)));
  return resolve(baseDir, expanded);
}
