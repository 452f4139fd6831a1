import { datastoreOfScheme } from '../registry';
import type { DatastoreType } from '../kind';
import type { EndpointParts } from './endpointParts';

/** Which datastore K3s picks for an endpoint's scheme. */
type EndpointDriver = DatastoreType | 'other';

/** A `datastore-endpoint` taken apart; ranges are offsets in its text. */
export interface DatastoreEndpoint extends EndpointParts {
  /** `undefined` when K3s does not know the scheme, or there is none. */
  readonly driver: EndpointDriver | undefined;
  readonly scheme: string | undefined;
}

// A reference may hold any character of a DSN; a stand-in of the same length keeps the offsets right.
const REFERENCE_CHAR = '\uFFFC';

/** The endpoint with a stand-in for each reference; offsets stay as they are. */
export function hideReferences(endpoint: string): string {
  return endpoint.replace(/\$\{[^}]*\}/g, (reference) => REFERENCE_CHAR.repeat(reference.length));
}

/** Whether a parsed piece comes from a `${…}` reference and so cannot be judged. */
export function holdsReference(piece: string): boolean {
  return piece.includes(REFERENCE_CHAR);
}

/** Schemes of drivers that K3s has and this product does not deal with. */
const OTHER_SCHEMES: readonly string[] = ['litestream', 'memory', 't4'];

/** Reads an endpoint as K3s (kine and its drivers) would; never fails. */
export function parseDatastoreEndpoint(endpoint: string): DatastoreEndpoint {
  const text = hideReferences(endpoint);
  const separator = text.indexOf('://');
  const scheme = separator < 0 ? undefined : text.slice(0, separator).trim().toLowerCase();
  const kind = scheme === undefined ? undefined : datastoreOfScheme(scheme);
  const driver = kind?.type ?? (OTHER_SCHEMES.includes(scheme ?? '') ? 'other' : undefined);
  const start = separator < 0 ? 0 : separator + 3;
  const parts = kind?.readEndpoint?.(text, start) ?? { addresses: [], local: false };
  return { driver, scheme, ...parts };
}
