import type { TextRange } from '../../base/text';

/** Where an endpoint leads, as the driver of its kind takes it apart; ranges are offsets in its text. */
export interface EndpointParts {
  readonly addresses: readonly EndpointAddress[];
  /** A Unix socket, or a short form for which K3s fills in the local machine. */
  readonly local: boolean;
  readonly password?: TextRange;
  readonly mysql?: MysqlAddress;
}

export interface EndpointAddress {
  /** Name or address without port and brackets. */
  readonly host: string;
  readonly port?: number;
  /** The host inside the endpoint text, without port and brackets. */
  readonly range: TextRange;
}

/** The part of a MySQL DSN between the credentials and the database name. */
export interface MysqlAddress {
  /** `tcp`, `unix`, empty, or whatever was written instead. */
  readonly network: string;
  /** Where `network(address)` stands. */
  readonly range: TextRange;
  /** Whether the `/` before the database name is there. */
  readonly hasDatabaseSlash: boolean;
}

/** The password in credentials that begin at `start` and end at the `@` at `at`. */
export function passwordBefore(text: string, start: number, at: number): { password?: TextRange } {
  const colon = text.indexOf(':', start);
  return colon >= 0 && colon + 1 < at ? { password: { start: colon + 1, end: at } } : {};
}

/** The host, with or without a port, that stands there; undefined where none can be told. */
export function hostAndPort(text: string, start: number, end: number): EndpointAddress | undefined {
  const part = text.slice(start, end);
  const match = /^\[([^\]]*)\](?::(\d+))?$/.exec(part) ?? /^([^:[\]]*)(?::(\d+))?$/.exec(part);
  const host = match?.[1] ?? '';
  if (host === '') return undefined;
  const hostStart = start + (part.startsWith('[') ? 1 : 0);
  const port = match?.[2];
  return {
    host,
    ...(port === undefined ? {} : { port: Number(port) }),
    range: { start: hostStart, end: hostStart + host.length },
  };
}
