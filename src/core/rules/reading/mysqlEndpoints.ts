import type { Path } from '../../base/path';
import type { DatastoreEndpoint } from '../../datastore/endpoint/dsn';
import type { MysqlAddress } from '../../datastore/endpoint/endpointParts';
import { holdsReference } from '../../datastore/endpoint/dsn';
import type { RuleContext } from '../rule';
import { writtenEndpoints } from './datastore';

export interface WrittenMysqlEndpoint {
  readonly text: string;
  readonly path: Path;
  readonly parsed: DatastoreEndpoint;
  readonly mysql: MysqlAddress;
  /** The address part as written, e.g. `tcp(db:3306)`; never holds the credentials. */
  readonly address: string;
}

/** The MySQL endpoints of the file whose address part is not hidden in a reference. */
export function writtenMysqlEndpoints(context: RuleContext): readonly WrittenMysqlEndpoint[] {
  return writtenEndpoints(context).flatMap(({ text, path, parsed }) => {
    const mysql = parsed.mysql;
    if (mysql === undefined || holdsReference(mysql.network)) return [];
    return [{ text, path, parsed, mysql, address: text.slice(mysql.range.start, mysql.range.end) }];
  });
}
