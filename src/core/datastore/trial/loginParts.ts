import type { DatastoreType } from '../kind';
import { datastoreOfType } from '../registry';
import { parseDatastoreEndpoint } from '../endpoint/dsn';
import type { EndpointAddress } from '../endpoint/endpointParts';
import { endpointParameters } from '../endpoint/endpointParameters';

/** An endpoint without references, taken apart for a login; texts are as they are written. */
export interface LoginParts {
  readonly addresses: readonly (EndpointAddress & { readonly port: number })[];
  readonly user: string;
  readonly password: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Addresses, user, password and parameters of an endpoint of this kind. */
export function loginParts(endpoint: string, type: DatastoreType): LoginParts {
  const parsed = parseDatastoreEndpoint(endpoint);
  const { addresses, password } = parsed;
  const usual = datastoreOfType(type).port ?? 0;
  const start = endpoint.indexOf('://') + 3;
  const at = password?.end ?? endpoint.indexOf('@', start);
  const end = password === undefined ? at : password.start - 1;
  return {
    addresses: addresses.map((address) => ({ ...address, port: address.port ?? usual })),
    user: at < 0 ? '' : endpoint.slice(start, end),
    password: password === undefined ? '' : endpoint.slice(password.start, password.end),
    parameters: new Map(endpointParameters(endpoint, parsed).map(({ name, value }) => [name, value])),
  };
}

/** A piece of a URL without its percent-encoding; one that is broken stays. */
export function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
