import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { variablePath } from '../../cluster/options';

/** Options whose value is text, whatever it looks like. */
const TEXT_OPTIONS = new Set([
  'token',
  'agent-token',
  'node-name',
  'node-label',
  'node-taint',
  'etcd-s3-access-key',
  'etcd-s3-secret-key',
  'etcd-s3-bucket',
  'cluster-domain',
]);
const SSH_TEXTS = ['password', 'passphrase', 'sudoPassword', 'user'];
const TEXTS_OF_NODE = ['name', 'zone'];
/** What is neither quoted nor an alias, an anchor or a tag. */
const PLAIN = /^[^&*!"'|>]/;

export const yamlAmbiguousScalar = defineRule({
  id: 'yaml-ambiguous-scalar',
  severity: 'warning',
  title: later`YAML reads this text as a number`,
  rationale: `Without quotes YAML takes \`0123\` for the number 123 and \`1e5\` for 100000. A token loses its leading zeros that way, and a machine is refused that has the very token you wrote down. Quotes keep it as it is.`,
  sources: [SOURCES.configuration, SOURCES.configParser],
  check: (context) =>
    places(context).flatMap(({ path, isText }) => {
      const read = valueAt(context.document.data, path);
      if (typeof read !== 'number' && (typeof read !== 'boolean' || !isText)) return [];
      const range = context.document.rangeOf(path, 'value');
      const source = range === undefined ? '' : context.document.text.slice(range.start, range.end);
      if (!PLAIN.test(source) || source === String(read)) return [];
      // In options that are numbers another spelling is the same number, unless it has more digits than are kept.
      if (!isText) {
        if (!Number.isInteger(read) || Number.isSafeInteger(read)) return [];
        return [
          {
            ...firstPlace(context.document, value(path)),
            message: say`This number has more digits than can be kept, and K3s gets ${read}.`,
            data: { kind: 'number' },
          },
        ];
      }
      const name = String(path.findLast((step) => typeof step === 'string'));
      return [
        {
          ...firstPlace(context.document, value(path)),
          message: say`YAML reads this ${name} as a ${typeof read}, and K3s gets another text than the one that stands here. Put it in quotes.`,
        },
      ];
    }),
  fix: ({ document }, finding) => {
    const range = document.rangeOf(finding.path, 'value');
    if (range === undefined || finding.data?.['kind'] === 'number') return [];
    return [
      {
        title: say`Put it in quotes`,
        edits: [{ range, newText: JSON.stringify(document.text.slice(range.start, range.end)) }],
        safe: true,
      },
    ];
  },
});

interface ScalarPlace {
  readonly path: Path;
  /** Whether the text counts as it stands, not the number that it may be. */
  readonly isText: boolean;
}

function places(context: RuleContext): readonly ScalarPlace[] {
  const options = writtenOptions(context).flatMap(({ name, path, value: written }) => {
    const paths: Path[] = Array.isArray(written) ? written.map((_item, index) => [...path, index]) : [path];
    return paths.map((one) => ({ path: one, isText: TEXT_OPTIONS.has(name) }));
  });
  const nodes = (['servers', 'agents'] as const).flatMap((section): Path[] => {
    const entries = valueAt(context.document.data, [section, 'nodes']);
    return Array.isArray(entries)
      ? entries.flatMap((_, index) => TEXTS_OF_NODE.map((name) => [section, 'nodes', index, name]))
      : [];
  });
  const variables = Object.keys(context.cluster.k3s.install.env).map(variablePath);
  const texts: Path[] = [['token'], ...SSH_TEXTS.map((name) => ['ssh', name]), ['metadata', 'name'], ...variables];
  return [...[...texts, ...nodes].map((path) => ({ path, isText: true })), ...options];
}
