import { later, said, say } from '../../base/say';
import { listOf, scalarText } from '../../cluster/configValue';
import { removeEntry, setValue } from '../../document/edit';
import { addressFault, type AddressForm } from '../reading/addressForm';
import { isFilledIn } from '../reading/blanks';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { hasReference, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';

const WORDS: Readonly<Record<AddressForm['fault'], string>> = {
  scheme: later`is a URL`,
  path: later`has a path`,
  port: later`has a port`,
  cidr: later`is a network`,
  wildcard: later`is a pattern, which K3s drops`,
  blank: later`has a blank in it`,
  brackets: later`has brackets`,
};

export const tlsSanForm = defineRule({
  id: 'tls-san-form',
  severity: 'error',
  title: later`An entry of tls-san that is no name and no address`,
  rationale: `A certificate lists names and addresses, each by itself. K3s takes a URL, a network or a pattern such as \`*.example.org\` for a name that no certificate can have, leaves it out (\`dropping invalid CN\` in its log), and \`kubectl\` stops with \`x509: certificate is valid for …\`. A name with a port gets in, and matches nothing.`,
  sources: [
    SOURCES.serverOptions,
    {
      label: 'dynamiclistener: names of the certificate',
      url: 'https://github.com/rancher/dynamiclistener/blob/master/factory/gen.go',
    },
  ],
  check: (context) =>
    writtenOptions(context)
      .filter(({ role, name }) => role === 'server' && name === 'tls-san')
      .flatMap(({ path, value: written }) => {
        const items: readonly unknown[] = Array.isArray(written) ? written : [written];
        return items.flatMap((item, index) =>
          listOf(item).flatMap((text) => {
            const form = hasReference(text) || !isFilledIn(text, 'tls-san') ? undefined : addressFault(text, 'nothing');
            if (form === undefined) return [];
            return [
              {
                ...firstPlace(context.document, value(Array.isArray(written) ? [...path, index] : path)),
                message: say`"${text}" ${said(WORDS[form.fault])}: the certificate lists names and addresses only, and would not be valid for it.${form.bare === undefined ? say` Write each of them.` : say` Write ${form.bare}.`}`,
                data: { text },
              },
            ];
          }),
        );
      }),
  fix: ({ document }, finding) => {
    const text = finding.data?.['text'] ?? '';
    const bare = addressFault(text, 'nothing')?.bare;
    const list = valueAt(document.data, finding.path.slice(0, -1));
    const others = (Array.isArray(list) ? list : []).flatMap((item) => listOf(item));
    const items = listOf(scalarText(valueAt(document.data, finding.path)));
    const kept = items.flatMap((item) =>
      item !== text ? [item] : bare === undefined || others.includes(bare) ? [] : [bare],
    );
    return [
      {
        title: bare === undefined || kept.length < items.length ? `Remove ${text}` : `Write ${bare}`,
        edits:
          kept.length === 0 ? removeEntry(document, finding.path) : setValue(document, finding.path, kept.join(',')),
        safe: bare !== undefined,
      },
    ];
  },
});
