import { later, say } from '../../base/say';
import { removeEntry } from '../../document/edit';
import { inSequence } from '../../document/inSequence';
import { defineRule } from '../reading/defineRule';
import { key } from '../reading/places';
import { isMap, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';

const WRITTEN = ['mirrors', 'configs'] as const;

export const registriesInTwoPlaces = defineRule({
  id: 'registries-in-two-places',
  severity: 'error',
  title: later`Registries are written in the cluster file and in a file of their own`,
  rationale: `K3s reads one registries.yaml. \`registries.file\` names a file of this machine that becomes it as it is, so \`mirrors\` and \`configs\` beside it would reach no host.`,
  sources: [SOURCES.privateRegistry],
  check: ({ document }) => {
    const registries = valueAt(document.data, ['registries']);
    if (!isMap(registries) || registries['file'] === undefined) return [];
    const beside = WRITTEN.filter((name) => registries[name] !== undefined);
    if (beside.length === 0) return [];
    return [
      {
        ...key(['registries', 'file']),
        message: say`Only ${String(registries['file'])} becomes registries.yaml; what stands under ${beside.join(say` and `)} beside it reaches no host.`,
      },
    ];
  },
  fix: ({ document }) => [
    { title: say`Remove file`, edits: removeEntry(document, ['registries', 'file']), safe: false },
    {
      title: say`Keep file alone`,
      edits: inSequence(
        document,
        ...WRITTEN.filter((name) => valueAt(document.data, ['registries', name]) !== undefined).map(
          (name) => (current: typeof document) => removeEntry(current, ['registries', name]),
        ),
      ),
      safe: false,
    },
  ],
});
