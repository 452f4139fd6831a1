import { hideReferences, holdsReference } from './dsn';

/**
 * The database that an SQL endpoint names, or K3s's own choice; empty for datastores without databases, undefined when a
 * reference hides it. https://docs.k3s.io/datastore#datastore-endpoint-format-and-functionality
 */
export function databaseName(endpoint: string, driver: string): string | undefined {
  const text = hideReferences(endpoint);
  if (driver !== 'mysql' && driver !== 'postgres') return '';
  const path =
    driver === 'mysql'
      ? text.slice(text.lastIndexOf('/') + 1)
      : text
          .slice(text.lastIndexOf('@') + 1)
          .replace(/^[^/]*:\/\//, '')
          .replace(/^[^/?#]*\/?/, '');
  const name = /^[^?#]*/.exec(path)?.[0] ?? '';
  if (holdsReference(name)) return undefined;
  const written = name === '' ? 'kubernetes' : name;
  // K3s writes the names of PostgreSQL databases in lower case.
  return driver === 'postgres' ? written.toLowerCase() : written;
}
