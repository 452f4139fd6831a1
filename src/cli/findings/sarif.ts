import { said } from '../../core/base/say';
import { RULES } from '../../core/rules/registry';
import { type FileFinding, type Findings, reportPath } from './finding';

/** As code scanning reads it. https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif({ findings }: Findings, version: string): object {
  const ids = [...new Set(findings.map(({ id }) => id))].sort();
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'k3s-ha', version, rules: ids.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        results: findings.map((found) => result(found, ids)),
      },
    ],
  };
}

/** What is no availability rule has only its id: problems of YAML, of the schema and of ignore comments. */
function ruleOf(id: string): object {
  const rule = RULES.find((each) => each.id === id);
  return rule === undefined ? { id } : { id, shortDescription: { text: said(rule.title) } };
}

const LEVELS = { error: 'error', warning: 'warning', info: 'note', hint: 'note' } as const;

function result(found: FileFinding, ids: readonly string[]): object {
  return {
    ruleId: found.id,
    ruleIndex: ids.indexOf(found.id),
    level: LEVELS[found.severity],
    message: { text: found.message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: encodeURI(reportPath(found.file)).replace(/[?#]/g, encodeURIComponent) },
          region: {
            startLine: found.line,
            startColumn: found.column,
            endLine: found.endLine,
            endColumn: found.endColumn,
          },
        },
      },
    ],
  };
}
