import type { Path } from '../../base/path';
import { hasReference } from './read';
import type { RuleContext } from '../rule';
import { writtenEndpoints } from './datastore';

/** One URL of an external etcd. */
interface EtcdUrl {
  /** As written, blanks and all. */
  readonly text: string;
  readonly scheme: string | undefined;
  /** Without brackets; `undefined` for a socket, a reference or no URL. */
  readonly host: string | undefined;
}

interface EtcdEndpoint {
  readonly text: string;
  readonly path: Path;
  readonly urls: readonly EtcdUrl[];
}

/** The endpoints of the file that name an external etcd, taken apart at the commas; none of which a part is hidden in a reference. */
export function etcdEndpoints(context: RuleContext): readonly EtcdEndpoint[] {
  return writtenEndpoints(context).flatMap(({ text, path, parsed }) =>
    parsed.driver !== 'etcd' || hasReference(text) ? [] : [{ text, path, urls: text.split(',').map(readUrl) }],
  );
}

function readUrl(text: string): EtcdUrl {
  const match = /^\s*([a-z0-9+.-]+):\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^:/?#\s]*)/i.exec(text);
  const scheme = match?.[1]?.toLowerCase();
  const host = match?.[2]?.replace(/^\[|\]$/g, '');
  return { text, scheme, host: scheme === undefined || scheme.startsWith('unix') || host === '' ? undefined : host };
}

/** The endpoint with so many more members, in the manner of the last one and with names to fill in. */
export function addEtcdUrls({ text, urls }: EtcdEndpoint, count: number): string {
  const last = urls.at(-1);
  const port = /:(\d+)\/?\s*$/.exec(last?.text ?? '')?.[1] ?? '2379';
  const added = Array.from(
    { length: count },
    (_, i) => `${last?.scheme ?? 'https'}://etcd-${urls.length + i + 1}.example.com:${port}`,
  );
  return [text, ...added].join(',');
}
