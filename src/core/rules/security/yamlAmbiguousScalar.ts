import type { Path } from '../../base/path';
import type { RuleContext } from '../rule';
import { defineRule } from '../support/defineRule';
import { firstPlace, value, writtenOptions } from '../support/places';
import { valueAt } from '../support/read';
import { SOURCES } from '../support/sources';

/** Options whose value is text, whatever it looks like. */
const TEXT_OPTIONS = new Set(['token', 'agent-token', 'node-name', 'node-label', 'node-taint', 'etcd-s3-access-key', 'etcd-s3-secret-key', 'etcd-s3-bucket', 'cluster-domain']);

export const yamlAmbiguousScalar = defineRule({
  id: 'yaml-ambiguous-scalar',
  severity: 'warning',
  title: 'YAML reads this text as a number',
  rationale: `Without quotes YAML takes \`0123\` for the number 123 and \`1e5\` for 100000. A token loses its leading zeros that way, and a machine is refused that has the very token you wrote down. Quotes keep it as it is.`,
  sources: [SOURCES.configuration, SOURCES.configParser],
  check: (context) =>
    textPlaces(context).flatMap((path) => {
      const read = valueAt(context.document.data, path);
      const range = context.document.rangeOf(path, 'value');
      if (range === undefined || typeof read === 'string' || (typeof read !== 'number' && typeof read !== 'boolean')) return [];
      const source = context.document.text.slice(range.start, range.end);
      if (source === String(read) || /^[&*!"'|>]/.test(source)) return [];
      const name = String(path.findLast((step) => typeof step === 'string'));
      return [{ ...firstPlace(context.document, value(path)), message: `YAML reads this ${name} as a ${typeof read}, and K3s gets another text than the one that stands here. Put it in quotes.` }];
    }),
  fix: ({ document }, finding) => {
    const range = document.rangeOf(finding.path, 'value');
    if (range === undefined) return [];
    return [{ title: 'Put it in quotes', edits: [{ range, newText: JSON.stringify(document.text.slice(range.start, range.end)) }], safe: true }];
  },
});

function textPlaces(context: RuleContext): readonly Path[] {
  const options = writtenOptions(context)
    .filter(({ name }) => TEXT_OPTIONS.has(name))
    .flatMap(({ path, value: written }): Path[] => (Array.isArray(written) ? written.map((_item, index) => [...path, index]) : [path]));
  return [['token'], ['ssh', 'password'], ['ssh', 'passphrase'], ['ssh', 'sudoPassword'], ['ssh', 'user'], ['metadata', 'name'], ...options];
}
