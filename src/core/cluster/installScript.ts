import type { Installation } from './cluster';

/** Where an install script comes from. */
export type ScriptOrigin =
  | {
      readonly kind: 'url';
      readonly url: string;
      /** The address as it may be shown: without user, password and query, which may be secrets. */
      readonly shown: string;
      readonly encrypted: boolean;
    }
  | { readonly kind: 'file'; readonly path: string };

/**
 * Reads `scriptUrl`: whatever is no http or https address is a path of this machine. Behind an air gap nothing is asked of
 * an address: the script lies in the folder of the other files.
 */
export function scriptOrigin({
  scriptUrl,
  method,
  artifacts,
}: Pick<Installation, 'scriptUrl'> & Partial<Installation>): ScriptOrigin {
  if (method === 'airgap' && /^https?:\/\//i.test(scriptUrl))
    return { kind: 'file', path: `${(artifacts ?? '.').replace(/[/\\]+$/, '')}/install.sh` };
  if (!/^https?:\/\//i.test(scriptUrl)) return { kind: 'file', path: scriptUrl };
  return { kind: 'url', url: scriptUrl, shown: shownUrl(scriptUrl), encrypted: /^https:/i.test(scriptUrl) };
}

/** An address without user, password, query and fragment. */
export function shownUrl(url: string): string {
  return url.replace(/[?#][^]*$/, '').replace(/^([a-z]+:\/\/)[^]*@/i, '$1');
}

/** User and password in an address as they are written there; undefined when it has none. */
export function credentialsIn(url: string): string | undefined {
  return /^[a-z]+:\/\/([^?#]*)@/i.exec(url)?.[1];
}

/**
 * Whether a path shows that it leads, or may lead, out of the folder that it is relative to. What it says of links is
 * nothing: they are looked at where the file is opened.
 */
export function leadsOutside(path: string): boolean {
  if (/^(?:[/\\~]|[A-Za-z]:)/.test(path)) return true;
  let depth = 0;
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}
