import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import type { TextRange } from '../../base/text';
import { hideReferences } from '../../datastore/endpoint/dsn';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { writtenMysqlEndpoints } from '../reading/mysqlEndpoints';

const ESCAPE = /%[2-7][0-9A-Fa-f]/;

export const mysqlEndpointPercentEncoded = defineRule({
  id: 'mysql-endpoint-percent-encoded',
  severity: 'warning',
  title: later`The password in a MySQL endpoint looks percent-encoded`,
  rationale: `A MySQL endpoint is no URL. The driver sends the password as it is written, so \`%40\` stays three characters and the database answers \`Error 1045 (28000): Access denied\`. There is no need to encode anything: the driver looks for the last \`@\` and the last \`/\`, so both may stand in the password.

PostgreSQL endpoints are URLs, and there the opposite holds.`,
  sources: [SOURCES.datastore, SOURCES.mysqlDsn],
  check: (context) =>
    writtenMysqlEndpoints(context).flatMap(({ text, path, parsed }) =>
      parsed.password === undefined || !isEncoded(text, parsed.password)
        ? []
        : [
            {
              ...firstPlace(context.document, value(path)),
              message: say`The password in this endpoint looks percent-encoded. MySQL endpoints are not decoded: the database would get the percent signs as part of the password and answer "Access denied". Write the password as it is.`,
            },
          ],
    ),
  fix: (context, finding) =>
    writtenMysqlEndpoints(context).flatMap(({ text, path, parsed }) => {
      const range = parsed.password;
      if (range === undefined || !samePath(path, finding.path)) return [];
      const decoded = decode(text.slice(range.start, range.end));
      const fixed = text.slice(0, range.start) + (decoded ?? '') + text.slice(range.end);
      if (decoded === undefined || isEncoded(fixed, { start: range.start, end: range.start + decoded.length }))
        return [];
      return [{ title: say`Decode the password`, edits: setValue(context.document, path, fixed), safe: false }];
    }),
});

/** A reference may hold anything, and its name says nothing about it. */
function isEncoded(text: string, { start, end }: TextRange): boolean {
  return ESCAPE.test(hideReferences(text).slice(start, end));
}

/** `undefined` when the sequences are no text after all. */
function decode(password: string): string | undefined {
  try {
    return password
      .split(/(\$\{[^}]*\})/)
      .map((piece, i) => (i % 2 === 1 ? piece : decodeURIComponent(piece)))
      .join('');
  } catch {
    return undefined;
  }
}
