import type { Grant } from './answer';

/** What kine does: it makes a table with indexes, reads and changes it. https://github.com/k3s-io/kine/blob/master/pkg/drivers/mysql/mysql.go */
const NEEDED = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'CREATE', 'ALTER', 'INDEX'] as const;

/** Rights that the grants of a login do not give it in a database. */
export function lackingRights(grants: readonly Grant[], database: string): readonly string[] {
  const here = new Set(
    grants
      .filter((grant) => grant.database === undefined || covers(grant.database, database))
      .map(({ privilege }) => privilege),
  );
  return here.has('ALL PRIVILEGES') ? [] : NEEDED.filter((right) => !here.has(right));
}

/** Database names in grants are patterns. https://dev.mysql.com/doc/refman/8.4/en/grant.html */
function covers(pattern: string, name: string): boolean {
  const source = pattern.replace(/\\([%_\\])|[%_]|[.*+?^${}()|[\]\\]/g, (found, escaped: string | undefined) =>
    escaped !== undefined
      ? escaped === '\\'
        ? '\\\\'
        : escaped
      : found === '%'
        ? '.*'
        : found === '_'
          ? '.'
          : `\\${found}`,
  );
  return new RegExp(`^${source}$`, 's').test(name);
}
