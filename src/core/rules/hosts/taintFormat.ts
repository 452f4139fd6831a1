import { later, say } from '../../base/say';
import type { Path } from '../../base/path';
import { setValue } from '../../document/edit';
import type { RuleContext } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { hasReference, isMap, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { scalarText } from '../../cluster/configValue';

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const TAINT = /^[^=:,\s]+(=[^=:,\s]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$/;

export const taintFormat = defineRule({
  id: 'taint-format',
  severity: 'error',
  title: later`A node taint that K3s cannot read`,
  rationale: `A taint is \`key=value:Effect\` or \`key:Effect\`, with \`NoSchedule\`, \`PreferNoSchedule\` or \`NoExecute\` in exactly this spelling. Each taint is an element of the list: K3s does not split this option at commas. For anything else the node stops with \`failed to parse node taints\`.`,
  sources: [SOURCES.agentOptions, SOURCES.taints],
  check: (context) =>
    writtenOptions(context)
      .filter(({ name }) => name === 'node-taint')
      .flatMap(({ value: written, path, nodes }) => {
        const items: readonly unknown[] = Array.isArray(written) ? written : [written];
        return items.flatMap((item, i) => {
          const reason = problemWith(item);
          if (reason === undefined || nodes.length === 0) return [];
          return [
            {
              ...firstPlace(context.document, value(Array.isArray(written) ? [...path, i] : path)),
              message: say`${reason}: ${nodeLabels(nodes)} would stop with "failed to parse node taints".`,
            },
          ];
        });
      }),
  fix: (context, finding) => {
    const { document } = context;
    const repaired = repair(valueAt(document.data, finding.path));
    if (repaired.length === 0) return [];
    return [
      {
        title: say`Write ${repaired.join(say` and `)}`,
        edits: setValue(document, ...target(context, finding.path, repaired)),
        safe: true,
      },
    ];
  },
});

function problemWith(item: unknown): string | undefined {
  if (isMap(item)) return say`The space after the colon makes YAML read this as a map instead of a taint`;
  const text = scalarText(item)?.trim();
  if (text === undefined || hasReference(text) || TAINT.test(text)) return undefined;
  if (text.includes(',')) return say`"${text}" holds several taints, and K3s does not split them at the comma`;
  if (!text.includes(':'))
    return say`"${text}" has no effect; a taint ends with :NoSchedule, :PreferNoSchedule or :NoExecute`;
  const effect = text.slice(text.lastIndexOf(':') + 1);
  if (!EFFECTS.includes(effect))
    return say`"${effect}" is not an effect of a taint; there are NoSchedule, PreferNoSchedule and NoExecute`;
  return say`"${text}" is not of the form key=value:Effect`;
}

/** The taints that were meant; empty when one of them cannot be told. */
function repair(item: unknown): readonly string[] {
  const written = isMap(item)
    ? Object.entries(item).map(([name, effect]) => `${name}:${scalarText(effect) ?? ''}`)
    : (scalarText(item) ?? '').split(',');
  const repaired = written.map((text) => {
    const bare = text.replace(/\s+/g, '');
    const [body, effect = ''] = [bare.slice(0, bare.lastIndexOf(':')), bare.slice(bare.lastIndexOf(':') + 1)];
    const meant = bare.includes(':')
      ? EFFECTS.find((known) => known.toLowerCase() === effect.toLowerCase())
      : undefined;
    return meant === undefined ? '' : `${body}:${meant}`;
  });
  return repaired.every((text) => TAINT.test(text)) ? repaired : [];
}

/** One taint replaces the element; several replace the list, so that each becomes an element. */
function target({ document }: RuleContext, path: Path, repaired: readonly string[]): [Path, string | string[]] {
  const index = path.at(-1);
  if (repaired.length === 1) return [path, repaired[0] ?? ''];
  if (typeof index !== 'number') return [path, [...repaired]];
  const list = valueAt(document.data, path.slice(0, -1));
  const items = (Array.isArray(list) ? list : []).map((item) => scalarText(item) ?? '');
  return [path.slice(0, -1), [...items.slice(0, index), ...repaired, ...items.slice(index + 1)]];
}
