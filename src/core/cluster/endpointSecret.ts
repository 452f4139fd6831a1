import { parseDatastoreEndpoint } from '../datastore/endpoint/dsn';
import { isLiteralSecret } from './references';

/** An endpoint as it may stand in a file. */
export interface SafeEndpoint {
  readonly endpoint: string;
  /** The password that a reference replaced. */
  readonly password?: string;
}

/** Puts a reference to the secret `name` where the endpoint has its password in plain text. */
export function referencePassword(endpoint: string, name: string): SafeEndpoint {
  const { password } = parseDatastoreEndpoint(endpoint);
  if (password === undefined) return { endpoint };
  const literal = endpoint.slice(password.start, password.end);
  if (!isLiteralSecret(literal)) return { endpoint };
  return {
    endpoint: `${endpoint.slice(0, password.start)}\${secret:${name}}${endpoint.slice(password.end)}`,
    password: literal,
  };
}
