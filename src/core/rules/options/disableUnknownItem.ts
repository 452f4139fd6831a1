import { later, say } from '../../base/say';
import { closest } from '../../base/suggestion';
import { removeEntry, setValue } from '../../document/edit';
import { listReferences } from '../../cluster/references';
import type { Fix } from '../rule';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import { KNOWN_ITEMS, PACKAGED_COMPONENTS } from '../reading/packagedComponents';
import { scalarText } from '../../cluster/configValue';

export const disableUnknownItem = defineRule({
  id: 'disable-unknown-item',
  severity: 'warning',
  title: later`A packaged component that does not exist`,
  rationale: `\`disable\` names components that K3s brings along. A name that it does not know is accepted without a word, and the component that was meant runs.`,
  sources: [SOURCES.packaged, SOURCES.serverOptions],
  check: (context) =>
    writtenOptions(context)
      .filter(({ role, name }) => role === 'server' && name === 'disable')
      .flatMap(({ path, value: written }) => {
        const places = Array.isArray(written)
          ? written.map((item: unknown, index) => ({ text: scalarText(item), at: [...path, index] }))
          : [{ text: scalarText(written), at: path }];
        return places.flatMap(({ text, at }) =>
          (text ?? '')
            .split(',')
            .map((item) => item.trim())
            .filter((item) => item !== '' && !KNOWN_ITEMS.has(item) && listReferences(item).length === 0)
            .map((item) => {
              const meant = closest(item, PACKAGED_COMPONENTS);
              return {
                ...firstPlace(context.document, value(at)),
                message: say`K3s has no component "${item}"${meant === undefined ? '.' : say`; did you mean "${meant}"?`} It disables ${PACKAGED_COMPONENTS.join(', ')} and passes over other names.`,
                data: { item, meant: meant ?? '' },
              };
            }),
        );
      }),
  fix: ({ document }, finding): readonly Fix[] => {
    const { item = '', meant = '' } = finding.data ?? {};
    const text = scalarText(valueAt(document.data, finding.path)) ?? '';
    const items = text.split(',').map((each) => each.trim());
    if (meant !== '')
      return [
        {
          title: say`Write ${meant}`,
          edits: setValue(document, finding.path, items.map((each) => (each === item ? meant : each)).join(',')),
          safe: false,
        },
      ];
    const rest = items.filter((each) => each !== item);
    return [
      {
        title: say`Remove ${item}`,
        edits:
          rest.length === 0 ? removeEntry(document, finding.path) : setValue(document, finding.path, rest.join(',')),
        safe: false,
      },
    ];
  },
});
